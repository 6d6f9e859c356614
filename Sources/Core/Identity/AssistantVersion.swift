/// An assistant as it was published: its name and the hash of its folder's content.
public struct AssistantVersion: Hashable, Sendable, CustomStringConvertible {
  /// The assistant's name, from `assistant.yml`.
  public let name: String
  /// SHA-256 over the folder's files in canonical order, lower-case hexadecimal.
  public let contentHash: String

  /// Names a version.
  public init(name: String, contentHash: String) {
    self.name = name
    self.contentHash = contentHash
  }

  /// `name@` and the first twelve digits of the hash.
  public var description: String { "\(name)@\(contentHash.prefix(12))" }
}
