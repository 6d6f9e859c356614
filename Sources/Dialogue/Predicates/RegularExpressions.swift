import Synchronization

/// Compiled regular expressions of an assistant, remembered. The answer of a match depends on its arguments alone.
///
/// Safe from any isolation: a compiled expression never leaves the lock.
final class RegularExpressions: Sendable {
  private let compiled = Mutex<[String: Regex<AnyRegexOutput>]>([:])
  /// The longest text that is searched; what lies behind is ignored, so that no caller can make a step slow.
  static let longestSubject = 1000

  /// Whether `pattern` is found in `text`; nil when it is no regular expression.
  func find(_ pattern: String, in text: String) -> Bool? {
    compiled.withLock { compiled in
      guard let regex = Self.regex(pattern, &compiled) else { return nil }
      return (try? regex.firstMatch(in: String(text.prefix(Self.longestSubject)))) != nil
    }
  }

  /// Whether `pattern` matches the whole of `text`; nil when it is no regular expression.
  func matchWhole(_ pattern: String, in text: String) -> Bool? {
    guard text.count <= Self.longestSubject else { return false }
    return compiled.withLock { compiled in
      guard let regex = Self.regex(pattern, &compiled) else { return nil }
      return (try? regex.wholeMatch(in: text)) != nil
    }
  }

  private static func regex(
    _ pattern: String, _ compiled: inout [String: Regex<AnyRegexOutput>]
  ) -> Regex<AnyRegexOutput>? {
    if let known = compiled[pattern] { return known }
    guard let fresh = try? Regex(pattern) else { return nil }
    compiled[pattern] = fresh
    return fresh
  }
}
