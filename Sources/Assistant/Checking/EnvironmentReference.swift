public import Core

/// A `${NAME}` in an author's file: what of the server's environment the assistant asks for. Whoever runs the server grants it.
public struct EnvironmentReference: Hashable, Sendable {
  /// The name, without `${` and `}`.
  public let name: String
  /// What it is used as.
  public let use: Use
  /// File, line and column.
  public let location: SourceLocation
  /// The path of keys that leads there.
  public let key: String

  /// What the value is used as.
  public enum Use: Hashable, Sendable {
    /// A tool's URL begins with it.
    case backEnd
    /// It is where calls are transferred to, or a part of that.
    case destination
    /// It goes to a back end, in a header or behind the host of a URL.
    case secret
  }
}

/// The references of one folder, gathered while it is read.
final class EnvironmentReferences {
  private(set) var all: [EnvironmentReference] = []

  /// Adds the references of a text that is used in one way.
  func add(_ text: String, as use: EnvironmentReference.Use, _ reader: YAMLReader) {
    for name in Self.names(in: text) { add(name, use, reader) }
  }

  /// Adds the references of a tool's URL: what it begins with is an address, what follows is a secret.
  func add(url text: String, _ reader: YAMLReader) {
    var names = Self.names(in: text)[...]
    if text.hasPrefix("${"), let first = names.popFirst() { add(first, .backEnd, reader) }
    for name in names { add(name, .secret, reader) }
  }

  private func add(_ name: String, _ use: EnvironmentReference.Use, _ reader: YAMLReader) {
    all.append(EnvironmentReference(name: name, use: use, location: reader.location, key: reader.path))
  }

  private static func names(in text: String) -> [String] {
    var names: [String] = []
    var rest = text[...]
    while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      names.append(String(rest[start.upperBound..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return names
  }
}
