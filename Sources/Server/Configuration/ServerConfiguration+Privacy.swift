import Assistant
import Core
import Governance

extension ServerConfiguration {
  /// The exits that a configuration may open or close. Log, trace and journal are closed for good; no model outside the process is
  /// asked.
  private enum ConfiguredExit: String, CaseIterable {
    case line, tool, screen, file

    var exit: DataExit {
      switch self {
      case .line: .line
      case .tool: .tool
      case .screen: .screen
      case .file: .file
      }
    }
  }

  /// `privacy: {EXIT: {allow: [LABEL], deny: [LABEL]}}`, over what holds anyway.
  mutating func takePolicy(_ map: YAMLMap) {
    guard let privacy = map["privacy"]?.map("what may leave in clear", keys: ConfiguredExit.allCases.map(\.rawValue))
    else { return }
    for configured in ConfiguredExit.allCases {
      guard let exit = privacy[configured.rawValue]?.map("labels at an exit", keys: ["allow", "deny"]) else { continue }
      let (allowed, denied) = (labels(exit["allow"], at: configured), labels(exit["deny"], at: configured))
      if let both = allowed.intersection(denied).map(\.rawValue).min() {
        exit["deny"]?.error(
          .wrongValue, "`\(both)` is allowed and denied at \(configured.rawValue)", hint: "name it once")
      }
      policy = policy.allowing(allowed, at: configured.exit).denying(denied, at: configured.exit)
    }
  }

  private mutating func labels(_ reader: YAMLReader?, at exit: ConfiguredExit) -> Set<DataLabel> {
    var labels: Set<DataLabel> = []
    for item in reader?.items("labels, such as address") ?? [] {
      guard let text = item.name("a label") else { continue }
      if text == DataLabel.secret.rawValue, exit != .tool {
        item.error(
          .wrongValue, "a secret passes no \(exit.rawValue)", hint: "secrets pass to tools only, where they are granted"
        )
        continue
      }
      labels.insert(DataLabel(rawValue: text))
      namedLabels.append(NamedLabel(label: DataLabel(rawValue: text), location: item.location, key: item.path))
    }
    return labels
  }
}

/// A label that the policy names, and where.
struct NamedLabel: Sendable {
  let label: DataLabel
  let location: SourceLocation
  let key: String
}

extension ServerConfiguration {
  /// The labels of the policy that are neither ours nor any author's: nothing would pass or be held back by them.
  func strayLabels(among assistants: [LoadedAssistant]) -> [AssistantProblem] {
    let own = assistants.flatMap { $0.definition.slots.values.compactMap(\.label) }
    let known = Set(Self.labels + own)
    return namedLabels.filter { !known.contains($0.label) }.map { named in
      AssistantProblem(
        .error, .unknownName, at: named.location, key: named.key, "no value has the label `\(named.label.rawValue)`",
        hint: "one of " + known.map(\.rawValue).sorted().joined(separator: ", "))
    }
  }

  /// The assistants of the numbers that can be read from their folders.
  var readableAssistants: [LoadedAssistant] {
    Set(numbers.values).compactMap { source in
      guard case .folder(let folder) = source else { return nil }
      return try? AssistantLoader.load(folder: folder)
    }
  }

  /// Whether a number answers with what is published: whose labels are not read here.
  var publishes: Bool {
    numbers.values.contains { if case .published = $0 { true } else { false } }
  }

  private static let labels: [DataLabel] = [
    .speech, .card, .identifier, .name, .address, .health, .secret, .personal,
  ]
}
