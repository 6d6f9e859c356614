internal import Assistant
internal import Foundation
internal import Inference

/// What a start would meet: packs, folders, ports, assistants, secrets. Leaves everything as it is.
public struct Examination: Sendable {
  private let configuration: ServerConfiguration
  private let environment: [String: String]

  /// An examination of what a configuration needs.
  public init(_ configuration: ServerConfiguration, environment: [String: String]) {
    self.configuration = configuration
    self.environment = environment
  }

  /// One thing looked at.
  public struct Finding: Sendable, Encodable {
    /// What was looked at.
    public let what: String
    /// Whether it is as it should be.
    public let isGood: Bool
    /// What is wrong, with file, line and key, and what to do; nil when it is good.
    public let advice: String?
  }

  /// Everything looked at, good and bad: the judgement of a start, by what it is about.
  public func findings() -> [Finding] {
    var problems = configuration.problems(environment: environment) + configuration.problemsNow()
    func finding(_ what: String, _ isAbout: (String) -> Bool) -> Finding {
      let bad = problems.filter { isAbout($0.key) }
      problems.removeAll { isAbout($0.key) }
      return Finding(
        what: what, isGood: bad.isEmpty, advice: bad.isEmpty ? nil : bad.map(\.description).joined(separator: "\n"))
    }
    var findings = configuration.wantedEngines.map { wanted in
      let found = finding(wanted.key == "pack" ? "ONNX Runtime in \(configuration.pack)" : "engine \(wanted.id)") {
        $0 == wanted.key
      }
      return wanted.key == "pack" && found.isGood ? runtime(found.what) : found
    }
    let secrets = configuration.sip.passwords.map { key, name in finding("secret \(name)") { $0 == key } }
    let numbers = finding("numbers") { $0.hasPrefix("numbers") }
    findings.append(finding("folder \(configuration.data), key and ports") { _ in true })
    return findings + (numbers.isGood ? assistants() + labels() : [numbers]) + secrets
  }

  private func runtime(_ what: String) -> Finding {
    finding(what) { _ = try EnginePack(folder: configuration.pack).openRuntime() }
  }

  private func assistants() -> [Finding] {
    let shelf = AssistantShelf(configuration)
    return Set(configuration.numbers.values).sorted { "\($0)" < "\($1)" }.map { source in
      finding("assistant \(source)") {
        let loaded = try shelf.check(source, configuration, Secrets(environment))
        let problems = configuration.unreachable(from: loaded, Secrets(environment))
        if !problems.isEmpty { throw ServerError(.assistant, problems.map(\.description).joined(separator: "\n")) }
      }
    }
  }

  /// The labels of the policy, where it names any that can be told.
  private func labels() -> [Finding] {
    guard !configuration.namedLabels.isEmpty, !configuration.publishes else { return [] }
    return [
      finding("labels of privacy") {
        let stray = configuration.strayLabels(among: configuration.readableAssistants)
        if !stray.isEmpty { throw ServerError(.configuration, stray.map(\.description).joined(separator: "\n")) }
      }
    ]
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
