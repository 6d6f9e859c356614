import Core

/// The regular expressions of an assistant, read once. The answer of a match depends on its arguments alone and takes time linear in
/// the text.
///
/// Immutable: matches of different calls never wait for each other.
final class RegularExpressions: Sendable {
  private let known: [String: TextPattern]
  /// The longest text that is searched; what lies behind is ignored, so that no caller can make a step slow.
  static let longestSubject = 1000

  /// Prepares expressions; others are read when they are asked for.
  init(_ patterns: some Sequence<String> = []) {
    var known: [String: TextPattern] = [:]
    for pattern in patterns where known[pattern] == nil { known[pattern] = try? TextPattern(pattern) }
    self.known = known
  }

  /// Whether `pattern` is found in `text`; nil when it is no regular expression.
  func find(_ pattern: String, in text: String) -> Bool? {
    expression(pattern)?.isFound(in: text.prefix(Self.longestSubject))
  }

  /// Whether `pattern` matches the whole of `text`; nil when it is no regular expression.
  func matchWhole(_ pattern: String, in text: String) -> Bool? {
    expression(pattern).map { text.count <= Self.longestSubject && $0.matchesWhole(text) }
  }

  private func expression(_ pattern: String) -> TextPattern? { known[pattern] ?? (try? TextPattern(pattern)) }
}

extension AssistantDefinition {
  /// Every expression its conditions and tools use.
  var patterns: [String] {
    var found: [String] = []
    func collect(_ predicate: Predicate?) { predicate?.collectPatterns(&found) }
    for flow in flows.values {
      collect(flow.guardCondition)
      for step in flow.steps {
        for next in step.next { collect(next.condition) }
        if case .collect(let question) = step.kind {
          for rejection in question.rejections { collect(rejection.condition) }
        }
      }
    }
    for slot in slots.values { for rejection in slot.rejections { collect(rejection.condition) } }
    for response in responses.values { for variant in response.variants { collect(variant.condition) } }
    for tool in tools.values {
      collect(tool.approval?.condition)
      found += tool.arguments.compactMap(\.pattern)
    }
    return found
  }
}

extension Predicate {
  fileprivate func collectPatterns(_ found: inout [String]) {
    switch self {
    case .not(let inner): inner.collectPatterns(&found)
    case .all(let parts), .any(let parts): for part in parts { part.collectPatterns(&found) }
    case .matches(_, let pattern): found.append(pattern)
    case .literal, .compare, .contains, .truthy: break
    }
  }
}
