/// Where a server keeps everything: the journal, the vault and the book of intended changes, under one order of writing.
///
/// What one role was given before, another has durable no later: a value before the line that names it, a line before the
/// intent it explains. `StoreConformance` (TestSupport) tells what a store promises, clause by clause.
public protocol Store: Sendable {
  /// Where calls are journaled.
  associatedtype Lines: Journal
  /// Where journals are read.
  associatedtype Reader: JournalReader
  /// Where sensitive values lie.
  associatedtype Values: Vault
  /// The book of intended changes.
  associatedtype Ledger: EffectLedger
  /// Where the book is read.
  associatedtype LedgerReader: EffectLedgerReader

  /// Where calls are journaled.
  var journal: Lines { get }
  /// Reads all that was given to the journal before, and what others wrote.
  var reader: Reader { get }
  /// Where sensitive values lie.
  var vault: Values { get }
  /// The book of intended changes.
  var ledger: Ledger { get }
  /// Reads the book.
  var ledgerReader: LedgerReader { get }
  /// This opening of the store, for the start of every call begun on it.
  var holder: CallHolder { get }
  /// Whether what is given is taken and written; what was refused of single calls does not count. Cheap; any thread.
  var isWell: Bool { get }

  /// Calls without an end that nobody who lives has: what a crash left, oldest first.
  func callsLeft() async throws -> [CallID]
  /// Calls that ended and that nobody who lives has, of which a change was settled about their end or later, and whose journal tells
  /// of fewer outcomes than it asked for: what became of a change may be missing in them. Oldest first.
  func callsEndedInChange() async throws -> [CallID]
  /// Whether nobody who lives has a call: it has an end that nothing was attached behind, or whoever had it is gone. False for a
  /// call that there never was.
  func isFree(_ call: CallID) async throws -> Bool
  /// Writes a remark, durably, behind the last line of a call that nobody writes any more. Throws for an unknown call, and for
  /// one that was begun here and is not closed.
  func conclude(_ call: CallID, with remark: JournalRemark) async throws
  /// Writes what was given and closes; lines given afterwards are refused. Throws when something could not be written; the
  /// store is closed all the same.
  func close() async throws
}
