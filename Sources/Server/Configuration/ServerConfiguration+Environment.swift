import Core
import Logging
import Signalling

extension ServerConfiguration {
  /// The environment's names, each with what it sets.
  public static let environmentNames: [(name: String, meaning: String)] = [
    ("REPARTEE_DATA", "folder of journal, vault and ledgers"),
    ("REPARTEE_PACK", "folder of the engines' files"),
    ("REPARTEE_VAULT_KEY_FILE", "file of the vault's master key"),
    ("REPARTEE_SIP_ADDRESS", "address SIP and audio listen on"),
    ("REPARTEE_SIP_ADVERTISED", "address that peers send to, where it is another one"),
    ("REPARTEE_SIP_PORT", "UDP and TCP port of SIP"),
    ("REPARTEE_RTP_PORTS", "ports for audio, first-last"),
    ("REPARTEE_HTTP_PORT", "port of /healthz and /readyz"),
    ("REPARTEE_LOG_LEVEL", "trace, debug, info, notice, warning, error or critical"),
    ("REPARTEE_SIP_TRACE", "1: SIP messages go to the log, redacted"),
  ]

  /// The keys that names of the environment override, where a start may refuse their values.
  private static let overriding = [
    "REPARTEE_DATA": "data", "REPARTEE_PACK": "pack", "REPARTEE_VAULT_KEY_FILE": "vault_key",
    "REPARTEE_SIP_ADDRESS": "sip.address", "REPARTEE_SIP_ADVERTISED": "sip.advertised",
    "REPARTEE_SIP_PORT": "sip.port", "REPARTEE_HTTP_PORT": "http.port",
  ]

  /// Lays the environment over the file.
  public mutating func apply(environment: [String: String]) throws(ServerError) {
    for (name, key) in Self.overriding where environment[name] != nil { origins[key] = name }
    data = environment["REPARTEE_DATA"] ?? data
    pack = environment["REPARTEE_PACK"] ?? pack
    vaultKey = environment["REPARTEE_VAULT_KEY_FILE"] ?? vaultKey
    sip.listener.address = try address("REPARTEE_SIP_ADDRESS", environment) ?? sip.listener.address
    sip.advertised = try address("REPARTEE_SIP_ADVERTISED", environment) ?? sip.advertised
    sip.listener.port = try port("REPARTEE_SIP_PORT", environment) ?? sip.listener.port
    http.port = try port("REPARTEE_HTTP_PORT", environment) ?? http.port
    if let text = environment["REPARTEE_RTP_PORTS"] {
      guard let range = Self.ports(text) else {
        throw ServerError(
          .configuration, "REPARTEE_RTP_PORTS=\(text) is no range of ports", hint: "such as 20000-20999")
      }
      sip.mediaPorts = range
    }
    if let text = environment["REPARTEE_LOG_LEVEL"] {
      guard let level = Logger.Level(rawValue: text) else {
        throw ServerError(
          .configuration, "REPARTEE_LOG_LEVEL=\(text) is no level",
          hint: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
      }
      logLevel = level
    }
    if let text = environment["REPARTEE_SIP_TRACE"] { tracesSIP = text == "1" }
  }

  private func address(_ name: String, _ environment: [String: String]) throws(ServerError) -> String? {
    guard let text = environment[name] else { return nil }
    guard IPAddress(text) != nil else {
      throw ServerError(.configuration, "\(name)=\(text) is no address", hint: "in numbers, such as 127.0.0.1")
    }
    return text
  }

  private func port(_ name: String, _ environment: [String: String]) throws(ServerError) -> UInt16? {
    guard let text = environment[name] else { return nil }
    guard let port = UInt16(text) else {
      throw ServerError(.configuration, "\(name)=\(text) is no port", hint: "0 to 65535")
    }
    return port
  }
}
