internal import Foundation

/// Whether files can be made in a folder that is there, or that would be made: tried, and taken back at once.
enum WritableFolder {
  /// Why not; nil when they can.
  static func refusal(of path: String) -> String? {
    let files = FileManager.default
    var place = URL(fileURLWithPath: path).standardizedFileURL.path
    var isDirectory: ObjCBool = false
    while !files.fileExists(atPath: place, isDirectory: &isDirectory), place != "/" {
      place = URL(fileURLWithPath: place).deletingLastPathComponent().path
    }
    if !isDirectory.boolValue { return "\(path) cannot be a folder: \(place) is a file" }
    guard files.isWritableFile(atPath: place) else {
      return "\(path) cannot be written: this user may not write to \(place)"
    }
    guard let code = failure(in: place) else { return nil }
    return "\(path) cannot be written: no file can be made in \(place): \(String(cString: strerror(code)))"
  }

  /// Who may write is not all: some folders hold no files of others, and some disks are full.
  private static func failure(in folder: String) -> Int32? {
    let probe = folder + "/.repartee-probe-\(getpid())"
    let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    defer {
      close(descriptor)
      unlink(probe)
    }
    return write(descriptor, "x", 1) == 1 ? nil : errno
  }
}
