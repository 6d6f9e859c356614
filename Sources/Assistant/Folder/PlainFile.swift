package import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that somebody named: read only where reading it ends, within bounds.
package enum PlainFile {
  /// Why it is not read.
  package enum Refusal: Error, Equatable {
    case missing
    /// What it is instead of a file, such as `a pipe`.
    case kind(String)
    case tooLarge(limit: Int)
    case unreadable

    package var message: String {
      switch self {
      case .missing: "there is no such file"
      case .kind(let kind): "it is \(kind), not a file"
      case .tooLarge(let limit): "the file is larger than \(limit >> 20) MiB"
      case .unreadable: "the file cannot be read"
      }
    }

    package var hint: String? {
      switch self {
      case .missing: "check its path"
      case .kind: "put a file there"
      case .tooLarge: nil
      case .unreadable: "check its permissions"
      }
    }
  }

  /// The bytes of the file at a path, links followed. A pipe or device is not opened: nobody knows when it would end.
  package static func read(_ path: String, atMost limit: Int) throws(Refusal) -> Data {
    var status = stat()
    guard stat(path, &status) == 0 else { throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable }
    if let kind = kind(status.st_mode) { throw .kind(kind) }
    guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable }
    return data
  }

  /// What stands at a path when it is no file, links not followed; nil for a file, a link, and nothing.
  static func strangeKind(at path: String) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
    return kind(status.st_mode)
  }

  private static func kind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}
