import Core
import Crypto
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The append-only record of one assistant: a line of JSON for each publication, chained by SHA-256. Its last whole line says
/// what is current, so that appending it is the one step that makes a version current. A line cut short by a crash was never
/// promised to anybody and does not count.
struct PublicationRecord {
  let path: String

  /// All lines, oldest first; none when there is no record. Throws `storage.record_damaged` when one was altered or removed.
  func read() throws(StorageError) -> [Publication] {
    let data = try contents()
    var lines: [Publication] = []
    var before = ""
    for line in Self.whole(data).split(separator: UInt8(ascii: "\n")) {
      guard let publication = try? CanonicalJSON.decode(Publication.self, from: Data(line)),
        publication.before == before
      else {
        throw StorageError(
          "record_damaged", "Line \(lines.count + 1) of \(path) is no publication that follows the line before it",
          hint: "Restore the file from a copy; nothing is taken from it until then")
      }
      lines.append(publication)
      before = Self.digest(line)
    }
    return lines
  }

  /// Adds a line, synced. The caller holds the lock.
  func append(_ make: (_ before: String) -> Publication) throws(StorageError) {
    let whole = Self.whole(try contents())
    let before = whole.split(separator: UInt8(ascii: "\n")).last.map(Self.digest) ?? ""
    guard var line = try? CanonicalJSON.encode(make(before)) else {
      throw StorageError("record_damaged", "A publication cannot be written down")
    }
    line.append(UInt8(ascii: "\n"))
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DurableFile.failure("opened", path) }
    defer { close(descriptor) }
    // What a crash cut short goes; the new line takes its place.
    guard ftruncate(descriptor, off_t(whole.count)) == 0, lseek(descriptor, 0, SEEK_END) == whole.count,
      DurableFile.write(line, to: descriptor), fsync(descriptor) == 0
    else { throw DurableFile.failure("written", path) }
  }

  /// The file; empty when there is none. One that cannot be read is no empty one.
  private func contents() throws(StorageError) -> Data {
    if let data = FileManager.default.contents(atPath: path) { return data }
    guard !FileManager.default.fileExists(atPath: path) else {
      throw StorageError("cannot_open", "The record of publications cannot be read", hint: "Check its rights")
    }
    return Data()
  }

  /// Up to the last line end.
  private static func whole(_ data: Data) -> Data {
    data.lastIndex(of: UInt8(ascii: "\n")).map { data[data.startIndex...$0] } ?? Data()
  }

  private static func digest(_ line: Data) -> String { Hexadecimal.text(SHA256.hash(data: line)) }
}
