public import FoundationEssentials
import Glibc

/// A folder that goes away with the value.
///
/// All folders of a process are in one that goes away when it exits; what a killed process left, the next one takes away.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let path = TemporaryFolder.home + "/" + UUID().uuidString

  /// An empty folder, or one with files by their paths in it.
  public init(_ files: [String: String] = [:]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file; makes the folders it is in.
  public func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  /// Writes a file; makes the folders it is in.
  public func write(_ name: String, _ data: Data) throws {
    let url = URL(filePath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  private static let prefix = "repartee-tests-"

  private static let home: String = {
    let all = FileManager.default.temporaryDirectory
    for name in (try? FileManager.default.contentsOfDirectory(atPath: all.path)) ?? [] where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH else { continue }
      try? FileManager.default.removeItem(at: all.appending(path: name))
    }
    atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.home) }
    return all.appending(path: prefix + String(getpid())).path
  }()
}
