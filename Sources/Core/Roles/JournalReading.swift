/// A journal as read.
public struct JournalReading: Sendable {
  /// A line that is there and cannot be read.
  public struct Unreadable: Hashable, Sendable {
    /// Its position.
    public let line: Int
    /// Why, in words that hold nothing of it.
    public let reason: String
    /// A line and what is wrong with it.
    public init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// The lines that can be read, in order.
  public let entries: [JournalEntry]
  /// The first line whose digest does not follow from the line before; nil: the chain is whole.
  public let firstBroken: Int?
  /// How many sensitive values could not be revealed because their key was deleted.
  public let erased: Int
  /// What the seal over the journal's head says.
  public let seal: Seal
  /// What the head tells otherwise than the lines, by the names of its columns.
  public let disagreements: [String]
  /// The lines that are missing in `entries`, in order. There are none as long as nothing was altered.
  public let unreadable: [Unreadable]

  /// A reading.
  public init(
    entries: [JournalEntry], firstBroken: Int?, erased: Int, seal: Seal = .unchecked, disagreements: [String] = [],
    unreadable: [Unreadable] = []
  ) {
    self.entries = entries
    self.firstBroken = firstBroken
    self.erased = erased
    self.seal = seal
    self.disagreements = disagreements
    self.unreadable = unreadable
  }

  /// Whether it is not as it was written, as far as can be seen.
  public var isAltered: Bool {
    firstBroken != nil || seal == .broken || !disagreements.isEmpty || !unreadable.isEmpty
  }
}
