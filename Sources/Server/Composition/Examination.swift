internal import Assistant
internal import Foundation
internal import Inference

/// What a start would meet: packs, folders, assistants, secrets. Changes nothing.
public struct Examination: Sendable {
  private let configuration: ServerConfiguration
  private let secrets: Secrets

  /// An examination of what a configuration needs.
  public init(_ configuration: ServerConfiguration, environment: [String: String]) {
    self.configuration = configuration
    secrets = Secrets(environment)
  }

  /// One thing looked at.
  public struct Finding: Sendable, Encodable {
    /// What was looked at.
    public let what: String
    /// Whether it is as it should be.
    public let isGood: Bool
    /// What to do; nil when it is good.
    public let advice: String?
  }

  /// Everything looked at, good and bad.
  public func findings() -> [Finding] { engines() + [data()] + assistants() + passwords() }

  private func engines() -> [Finding] {
    let pack = EnginePack(folder: configuration.pack)
    let engines = configuration.engines
    let wanted = [engines.detector, engines.recognizer, engines.voice, engines.embedder].filter { $0 != "flite-kal" }
    var found = [finding("ONNX Runtime in \(configuration.pack)") { _ = try pack.openRuntime() }]
    for id in wanted { found.append(finding("engine \(id)") { _ = try pack.engine(id) }) }
    return found
  }

  private func data() -> Finding {
    finding("folder \(configuration.data), key and ports") { try configuration.requireUsable() }
  }

  private func assistants() -> [Finding] {
    guard !configuration.numbers.isEmpty else {
      return [
        Finding(
          what: "numbers", isGood: false,
          advice: "no number has an assistant: name a configuration with --config, such as Examples/shop/server.yml")
      ]
    }
    let shelf = AssistantShelf(configuration)
    return Set(configuration.numbers.values).sorted { "\($0)" < "\($1)" }.map { source in
      finding("assistant \(source)") {
        let loaded = try shelf.take(source).loaded
        let ungranted = configuration.ungranted(in: loaded) + configuration.missingVoice(of: loaded)
        guard ungranted.isEmpty else {
          throw ServerError(.assistant, ungranted.map(\.description).joined(separator: "\n"))
        }
      }
    }
  }

  private func passwords() -> [Finding] {
    let wanted = configuration.sip.passwordSecrets
    return wanted.map { name in finding("secret \(name)") { _ = try secrets.required(name, for: "SIP") } }
  }

  private func finding(_ what: String, _ look: () throws -> Void) -> Finding {
    do {
      try look()
      return Finding(what: what, isGood: true, advice: nil)
    } catch {
      return Finding(what: what, isGood: false, advice: "\(error)")
    }
  }
}
