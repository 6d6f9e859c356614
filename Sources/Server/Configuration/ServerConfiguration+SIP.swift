import Assistant
import Signalling

extension ServerConfiguration {
  /// Reads `sip`: what it says is judged here, so that every problem has its file, line and key.
  mutating func take(sip reader: YAMLReader) {
    guard
      let map = reader.map(
        "sip",
        keys: [
          "address", "port", "advertised", "rtp_ports", "codecs", "latching", "trusted", "users", "registrations",
          "places",
          "trunks",
        ])
    else { return }
    sip.listener = listener(map, over: sip.listener)
    if let reader = map["advertised"], let text = reader.text() {
      sip.advertised = text
      if IPAddress(text)?.isUnspecified ?? true {
        reader.error(
          .wrongValue, "`\(text)` is no address that others reach",
          hint: "the address that peers send to, such as 203.0.113.5")
      }
    }
    if let ports = map["rtp_ports"], let text = ports.text() {
      if let range = Self.ports(text) {
        sip.mediaPorts = range
      } else {
        ports.error(.wrongValue, "`\(text)` is no range of ports", hint: "such as 20000-20999")
      }
    }
    if let codecs = map["codecs"], let items = codecs.items("codecs, such as [G722, PCMU, PCMA]") {
      let chosen = items.compactMap { $0.choice(AudioCodec.self, "codec") }
      if items.isEmpty { codecs.error(.wrongValue, "no codec is left to talk with", hint: "such as [PCMU, PCMA]") }
      // What is named twice stands where it is named first.
      sip.codecs = chosen.indices.filter { !chosen[..<$0].contains(chosen[$0]) }.map { chosen[$0] }
    }
    if let policy = map["latching"]?.choice(SourceLatch.Policy.self, "a way to latch audio") { sip.latching = policy }
    if let trusted = map["trusted"]?.items("addresses or blocks, such as 192.0.2.0/24") {
      sip.trusted = trusted.compactMap { item in
        guard let text = item.text() else { return nil }
        if AddressRange(text) == nil {
          item.error(.wrongValue, "`\(text)` is no address or block", hint: "such as 192.0.2.7 or 192.0.2.0/24")
        }
        return text
      }
    }
    for (key, value) in map["users"]?.entries("users with their passwords") ?? [] {
      guard let password = value.map("a user", keys: ["password"])?.required("password") else { continue }
      if let secret = Self.secretName(password) { sip.users[key.key] = secret }
    }
    for item in map["registrations"]?.items("registrars") ?? [] {
      guard
        let entry = item.map("a registrar", keys: ["registrar", "address", "user", "password", "expires"]),
        let registrar = Self.uri(entry.required("registrar")), let address = Self.uri(entry.required("address")),
        let user = entry.required("user")?.text(),
        let secret = entry.required("password").flatMap(Self.secretName)
      else { continue }
      sip.registrations.append(
        Registrar(
          registrar: registrar, address: address, user: user, passwordSecret: secret,
          expires: entry.integer("expires", in: 30...86_400, default: 300)))
    }
    take(places: map)
  }

  /// An address that can be reached in clear, such as `sip:support@pbx.example.com`; nil, with the reason told, for any other.
  static func uri(_ reader: YAMLReader?) -> SIPURI? {
    guard let reader, let text = reader.text() else { return nil }
    guard let uri = SIPURI(text) else {
      reader.error(.wrongValue, "`\(text)` is no SIP address", hint: "such as sip:support@pbx.example.com")
      return nil
    }
    if uri.asksForTLS {
      reader.error(
        .wrongValue, "`\(text)` asks for TLS, which there is not yet", hint: "sip: over UDP, or with ;transport=tcp")
    } else if uri.destination == nil {
      reader.error(
        .wrongValue, "the transport of `\(text)` is none of udp and tcp", hint: "sip: over UDP, or with ;transport=tcp")
    }
    return uri
  }
}
