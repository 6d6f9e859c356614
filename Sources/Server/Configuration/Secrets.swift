internal import Core
internal import Foundation

/// Secrets and addresses by name: from the environment, or from the file that `NAME_FILE` names. Never from flags or YAML.
struct Secrets: Sendable {
  let environment: [String: String]

  init(_ environment: [String: String]) { self.environment = environment }

  /// The value of a name; nil when there is none.
  func value(_ name: String) -> String? {
    if let value = environment[name] { return value }
    guard let path = environment[name + "_FILE"], let data = FileManager.default.contents(atPath: path) else {
      return nil
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  /// Why a name that must have a value has none; nil when it has one.
  func refusal(of name: String) -> String? {
    if let value = value(name) { return value.isEmpty ? "the secret \(name) is empty" : nil }
    return environment[name + "_FILE"].map { "the file \($0) of the secret \(name) cannot be read" }
      ?? "the secret \(name) is not set"
  }

  /// The value of a name that must be there.
  func required(_ name: String, for purpose: String) throws(ServerError) -> String {
    guard let value = value(name), !value.isEmpty else {
      throw ServerError(
        .secretMissing, "\(purpose): \(refusal(of: name) ?? "the secret \(name) is not set")",
        hint: "set \(name), or \(name)_FILE to the path of a file with it")
    }
    return value
  }

  /// A text with its `${NAME}` references replaced; nil when one is missing or is none of the names that are granted.
  func resolve(_ text: String, granted: Set<String>) -> String? {
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${") {
      guard let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex),
        granted.contains(String(rest[start.upperBound..<end.lowerBound])),
        let value = value(String(rest[start.upperBound..<end.lowerBound]))
      else { return nil }
      result += rest[..<start.lowerBound] + value
      rest = rest[end.upperBound...]
    }
    return result + rest
  }
}
