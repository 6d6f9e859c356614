/// What the seal of a record says: a code over all its columns under a key that lies apart from it.
public enum Seal: String, Hashable, Sendable, Codable {
  /// The record is as it was written.
  case whole
  /// A release that knew no seals wrote it.
  case earlier
  /// There is no key at hand to look at it, or who keeps it seals nothing.
  case unchecked
  /// The record was altered, or its seal taken away.
  case broken
}
