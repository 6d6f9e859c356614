#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files that only the server's user may read (mode 0600).
enum PrivateFile {
  /// Makes a file with these bytes, synced. Returns false, and leaves the file alone, when there is one.
  static func create(at path: String, containing bytes: [UInt8] = []) throws(StorageError) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return false }
      throw StorageError(
        "cannot_create", "The file \(path) cannot be created [errno \(errno)]",
        hint: "Check the path, its folder and their rights")
    }
    defer { close(descriptor) }
    guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count, fsync(descriptor) == 0
    else {
      throw StorageError("cannot_create", "The file \(path) cannot be written [errno \(errno)]", hint: "Check the disk")
    }
    return true
  }

  /// The first 4,096 bytes of a file.
  static func read(_ path: String) throws(StorageError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StorageError(
        "cannot_open", "The file \(path) cannot be read [errno \(errno)]", hint: "Check the path and its rights")
    }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else {
      throw StorageError("io_error", "The file \(path) cannot be read [errno \(errno)]", isRetryable: true)
    }
    return Array(buffer.prefix(count))
  }
}
