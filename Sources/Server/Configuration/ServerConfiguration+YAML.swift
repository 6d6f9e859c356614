import Assistant
import Core
import FoundationEssentials
import Logging
import Signalling

extension ServerConfiguration {
  /// Reads a configuration file over the defaults. Every problem is told with file, line and key.
  public static func read(file path: String) throws(ServerError) -> ServerConfiguration {
    let data: Data
    do throws(PlainFile.Refusal) {
      data = try PlainFile.read(path, atMost: largestFile)
    } catch {
      throw ServerError(
        .configuration, "cannot read the configuration \(path): \(error.message)",
        hint: "name an existing file: repartee serve --config FILE")
    }
    var configuration = ServerConfiguration()
    let log = ProblemLog()
    if let root = YAMLReader(file: path, text: String(decoding: data, as: UTF8.self), log: log) {
      configuration.take(root)
      configuration.origins = root.places.mapValues { "\($0)" }
    }
    if log.hasErrors { throw ServerError(problems: log.sorted) }
    return configuration
  }

  /// Bytes of a configuration's file.
  private static let largestFile = 16 << 20

  private mutating func take(_ root: YAMLReader) {
    let keys = [
      "tenant", "data", "pack", "vault_key", "sip", "http", "numbers", "addresses", "secrets", "node", "engines",
      "limits", "privacy",
      "utc_offset", "log_level",
    ]
    guard let map = root.map("the server's configuration", keys: keys) else { return }
    if let reader = map["tenant"], let text = reader.text() {
      tenant = TenantID(text)
      if !text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ YAMLReader.isName(String($0)) }) {
        reader.error(
          .wrongValue, "`\(text)` is no name of a tenant",
          hint: "letters, digits, `_` and `-`, such as shop or shop.example.com")
      }
    }
    data = map.text("data") ?? data
    pack = map.text("pack") ?? pack
    vaultKey = map.text("vault_key")
    if let reader = map["sip"] { take(sip: reader) }
    if let reader = map["http"]?.map("http", keys: ["address", "port"]) { http = listener(reader, over: http) }
    for (key, value) in map["numbers"]?.entries("numbers, each with its assistant") ?? [] {
      guard let number = value.map("a number", keys: ["assistant", "published", "recognizer"]) else { continue }
      if let source = Self.source(number) { numbers[key.key] = source }
      if number["recognizer"]?.choice(NumberRecognizer.self, "a recogniser of a number") == .noRecognizer {
        keysOnly.insert(key.key)
      }
    }
    takeGrants(map)
    takePolicy(map)
    node = map.text("node") ?? node
    if let reader = map["engines"]?.map(
      "engines", keys: ["detector", "recognizer", "voice", "embedder", "threads"])
    {
      engines.detector = reader.text("detector") ?? engines.detector
      engines.recognizer = reader.text("recognizer") ?? engines.recognizer
      engines.voice = reader.text("voice") ?? engines.voice
      engines.embedder = reader.text("embedder") ?? engines.embedder
      engines.threads = reader.integer("threads", in: 1...64, default: engines.threads)
    }
    if let reader = map["limits"]?.map("limits", keys: ["calls", "calls_per_address", "back_end_requests", "drain"]) {
      limits.backEndRequests = reader.integer("back_end_requests", in: 1...2000, default: limits.backEndRequests)
      limits.calls = reader.integer("calls", in: 1...2000, default: limits.calls)
      limits.callsPerAddress = reader["calls_per_address"]?.integer(in: 1...2000)
      limits.drain = reader.span("drain", default: limits.drain)
    }
    if let offset = map["utc_offset"]?.integer(in: -50_400...50_400) { utcOffsetSeconds = offset }
    if let level = map["log_level"]?.choice(Logger.Level.self, "a log level") { logLevel = level }
  }

  /// `assistant: FOLDER` or `published: NAME`.
  private static func source(_ number: YAMLMap) -> AssistantSource? {
    guard number.excludes(["assistant", "published"], hint: "`assistant: FOLDER`, or `published: NAME`") else {
      return nil
    }
    if let name = number["published"] { return name.name("a published assistant").map(AssistantSource.published) }
    return number.required("assistant", hint: "such as `assistant: FOLDER`, or `published: NAME`")?.text()
      .map(AssistantSource.folder)
  }

  /// What a number may say of recognition; without it the server's recogniser hears.
  private enum NumberRecognizer: String, CaseIterable { case noRecognizer = "none" }

  func listener(_ map: YAMLMap, over old: Listener) -> Listener {
    var address = old.address
    if let reader = map["address"], let text = reader.text() {
      address = text
      if IPAddress(text) == nil {
        reader.error(
          .wrongValue, "`\(text)` is no address to listen on", hint: "in numbers, such as 127.0.0.1, or 0.0.0.0 for all"
        )
      }
    }
    return Listener(address: address, port: UInt16(map.integer("port", in: 0...65_535, default: Int(old.port))))
  }

  /// The name in `${NAME}`. A password in clear is refused.
  static func secretName(_ reader: YAMLReader) -> String? {
    guard let text = reader.text() else { return nil }
    guard text.hasPrefix("${"), text.hasSuffix("}"), text.count > 3 else {
      reader.error(
        .literalSecret, "a password must not stand in the file",
        hint: "write ${NAME} and set NAME, or NAME_FILE, in the environment")
      return nil
    }
    return String(text.dropFirst(2).dropLast())
  }

  static func ports(_ text: String) -> ClosedRange<UInt16>? {
    let parts = text.split(separator: "-").map { UInt16($0.filter { !$0.isWhitespace }) }
    guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, low < high else { return nil }
    return low...high
  }
}
