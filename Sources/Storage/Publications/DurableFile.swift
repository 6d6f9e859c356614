import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files and folders that are on the disk when a call returns.
enum DurableFile {
  /// Makes a file that nobody may write any more.
  static func create(_ path: String, _ content: Data) throws(StorageError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
    guard descriptor >= 0 else { throw failure("created", path) }
    defer { close(descriptor) }
    guard write(content, to: descriptor), fsync(descriptor) == 0 else { throw failure("written", path) }
  }

  /// Writes all bytes; false when the disk does not take them.
  static func write(_ content: Data, to descriptor: Int32) -> Bool {
    content.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        guard let start = bytes.baseAddress else { return true }
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, start + done, bytes.count - done)
        #elseif canImport(Musl)
          let count = Musl.write(descriptor, start + done, bytes.count - done)
        #else
          let count = Darwin.write(descriptor, start + done, bytes.count - done)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }

  /// Makes the names in a folder durable.
  static func sync(folder path: String) throws(StorageError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("opened", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("synced", path) }
  }

  static func failure(_ what: String, _ path: String) -> StorageError {
    StorageError(
      "io_error", "\(path) cannot be \(what) [errno \(errno)]", hint: "Check the disk, and the folder's rights",
      isRetryable: true)
  }
}
