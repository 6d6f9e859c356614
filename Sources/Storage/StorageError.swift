public import Core
import GRDB

/// Why storage could not do what was asked. Holds no personal data: neither values nor statements nor arguments.
public struct StorageError: CodedError, Hashable {
  /// Stable, such as `storage.disk_full`.
  public let code: String
  /// What went wrong.
  public let message: String
  /// What to do next.
  public let hint: String?
  /// Whether trying again may help.
  public let isRetryable: Bool

  init(_ code: String, _ message: String, hint: String? = nil, isRetryable: Bool = false) {
    self.code = "storage." + code
    self.message = message
    self.hint = hint
    self.isRetryable = isRetryable
  }
}

extension StorageError {
  static let closed = StorageError("closed", "The store was closed")
  static let linesRefused = StorageError(
    "lines_refused", "The journal refused lines of this call",
    hint: "Nothing can be promised to be durable in it any more; look at the store's health for the cause")
  static let valuesRefused = StorageError(
    "values_refused", "The vault refused values of this call because its queue was full",
    hint: "Nothing can be promised to be durable in it any more; look at the store's health for the cause")
  static let unknownEffect = StorageError(
    "unknown_effect", "An outcome was given for an intent that is not in the ledger")
  static let stillOpen = StorageError(
    "still_open", "A journal that its call still writes was to be given a line by somebody else")
  static let alreadySettled = StorageError(
    "already_settled", "An effect that is settled was given another outcome", hint: "The first outcome stands")
  static let valueMissing = StorageError(
    "value_missing", "The vault has the key of a value, but not the value", hint: "The database file was altered")
  static let valueDamaged = StorageError(
    "value_damaged", "A value in the vault does not open under its key", hint: "The database file was altered")
  static let eraseIncomplete = StorageError(
    "erase_incomplete", "The key is deleted, but a reader still holds an older copy of the database's log",
    hint: "Erase again when the reader is done", isRetryable: true)

  static func unknownCall(_ call: CallID) -> StorageError {
    StorageError("unknown_call", "There is no journal of call \(call)")
  }
  static func lineUnreadable(_ line: Int, of call: CallID) -> StorageError {
    StorageError(
      "line_unreadable", "Line \(line) of the journal of call \(call) cannot be read",
      hint: "The database file was altered: repartee calls \(call) shows the rest")
  }
  static func effectUnreadable(_ call: CallID) -> StorageError {
    StorageError(
      "effect_unreadable", "A change of call \(call) in the ledger cannot be read",
      hint: "The database file was altered")
  }
  static func newerSchema(_ found: Int) -> StorageError {
    StorageError(
      "newer_schema", "The data was written under schema \(found), which this version does not know",
      hint: "Use the version that wrote it, or a newer one")
  }

  /// Whether one line or one piece of work failed by itself, and the rest of its transaction can be written.
  static func isOfOneOperation(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return true }
    return [.SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_RANGE].contains(error.resultCode)
  }

  /// The same of a file, which a failure of the database itself does not name.
  static func of(_ error: any Error, at path: String) -> StorageError {
    let named = of(error)
    guard error is DatabaseError else { return named }
    return StorageError(named, message: "\(path): \(named.message)")
  }

  /// A file that is there and is no store.
  static func noStore(_ path: String) -> StorageError {
    StorageError(
      "corrupt", "\(path) holds nothing of ours: it is empty, or another program's",
      hint: "Move the file away and restore a copy, or name another data folder (REPARTEE_DATA)")
  }

  private init(_ error: StorageError, message: String) {
    code = error.code
    self.message = message
    hint = error.hint
    isRetryable = error.isRetryable
  }

  /// What a failure of the database means, in our codes.
  static func of(_ error: any Error) -> StorageError {
    if let own = error as? StorageError { return own }
    guard let error = error as? DatabaseError else {
      return StorageError("unavailable", "The database cannot be used", isRetryable: true)
    }
    let number = error.extendedResultCode.rawValue
    switch error.resultCode {
    case .SQLITE_FULL:
      return StorageError(
        "disk_full", "The disk is full [SQLite \(number)]", hint: "Free space; writing goes on by itself",
        isRetryable: true)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return StorageError(
        "read_only", "The database cannot be written [SQLite \(number)]",
        hint: "Give the server's user write access to the file and its folder", isRetryable: true)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return StorageError(
        "corrupt", "The database file is damaged or is no database [SQLite \(number)]",
        hint: "Move the file away, restore a copy, keep the damaged one for sqlite3's .recover")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return StorageError(
        "busy", "Another process holds the database [SQLite \(number)]", hint: "Run one server on a file",
        isRetryable: true)
    case .SQLITE_CANTOPEN:
      return StorageError(
        "cannot_open", "The database cannot be opened [SQLite \(number)]",
        hint: "Check the path, its folder and their rights")
    case .SQLITE_IOERR:
      return StorageError(
        "io_error", "Reading or writing the database failed [SQLite \(number)]", hint: "Check the disk",
        isRetryable: true)
    case .SQLITE_MISUSE:
      return .closed
    default:
      return StorageError(
        "database_error", "The database refused an operation [SQLite \(number)]",
        hint: "A table or column is not as this release made it: restore a copy of the file")
    }
  }
}
