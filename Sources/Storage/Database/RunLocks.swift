import Core

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which processes use a store, shown by locks that end with their process, however it ends.
///
/// One file beside the database; byte 0 is locked by who serves, byte n by the run whose row in `runs` is n. Locks belong to
/// the open file (`F_OFD_SETLK`), so two stores of one process are told apart as well.
final class RunLocks: Sendable {
  private let descriptor: Int32

  /// Where the file lies.
  static func path(of database: String) -> String { database + "-runs" }

  init(database: String) throws(StorageError) {
    descriptor = open(Self.path(of: database), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageError(
        "cannot_create", "The file of running processes, \(Self.path(of: database)), cannot be opened [errno \(errno)]",
        hint: "Check the data folder and its rights")
    }
  }

  /// To look only; nil when nobody wrote here since there are runs, or it may not be read.
  init?(of database: String) {
    descriptor = open(Self.path(of: database), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Takes the place of who serves. False when another process has it.
  func takeServer() -> Bool { take(0) }

  /// Marks a run as alive, until this value is gone.
  func take(_ run: Int64) -> Bool {
    var lock = Self.lock(run)
    return withUnsafeMutablePointer(to: &lock) { fcntl(descriptor, Self.setLock, UnsafeMutableRawPointer($0)) } == 0
  }

  /// Whether another process, or another store of this one, is that run.
  func isTaken(_ run: Int64) -> Bool {
    var lock = Self.lock(run)
    let result = withUnsafeMutablePointer(to: &lock) {
      fcntl(descriptor, Self.getLock, UnsafeMutableRawPointer($0))
    }
    // Where it cannot be told, nobody's call is taken from them.
    return result != 0 || lock.l_type != Int16(F_UNLCK)
  }

  /// Gives all places back before the value is gone: others may take over at once.
  func release() {
    var lock = Self.lock(0, Int32(F_UNLCK))
    lock.l_len = 0
    _ = withUnsafeMutablePointer(to: &lock) { fcntl(descriptor, Self.setLock, UnsafeMutableRawPointer($0)) }
  }

  private static func lock(_ run: Int64, _ kind: Int32 = Int32(F_WRLCK)) -> flock {
    var lock = flock()
    lock.l_type = Int16(kind)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(run)
    lock.l_len = 1
    return lock
  }

  // The C library shows these names to GNU sources only.
  #if canImport(Darwin)
    private static let (getLock, setLock): (Int32, Int32) = (92, 90)
  #else
    private static let (getLock, setLock): (Int32, Int32) = (36, 37)
  #endif
}
