public import Core
public import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The published versions of assistants, in a folder: `NAME/HASH/...` holds the files of a version, `NAME/record.jsonl` who made
/// which current and when. Files of a version never change; versions are never removed here.
///
/// Several processes may use one folder: those who write lock the assistant, those who read see the record before or after.
public struct PublicationStore: Sendable {
  /// Where versions lie.
  public let folder: String
  /// Called between the steps of a publication; tests stop there.
  var pause: @Sendable (Step) throws -> Void = { _ in }

  /// The steps of a publication.
  enum Step: String, Sendable, CaseIterable {
    /// The files are copied, under a name that nobody looks for.
    case copied
    /// They lie under their hash.
    case placed
    /// The record says so.
    case recorded
  }

  /// One file of a version.
  public typealias File = (path: String, content: Data)

  /// The store in a folder, which need not be there yet.
  public init(folder: String) { self.folder = folder }

  // MARK: Reading

  /// All publications of an assistant, oldest first. Throws `storage.record_damaged`.
  public func history(of name: String) throws(StorageError) -> [Publication] {
    guard Self.isName(name) else { return [] }
    return try record(of: name).read()
  }

  /// What is current; nil when nothing was published under the name. Throws `storage.record_damaged`.
  public func current(_ name: String) throws(StorageError) -> Publication? { try history(of: name).last }

  /// Where the files of a version lie; nil when it was not published here.
  public func folder(of version: AssistantVersion) -> String? {
    guard Self.isName(version.name), Self.isName(version.contentHash) else { return nil }
    let path = path(of: version)
    return FileManager.default.fileExists(atPath: path + "/.") ? path : nil
  }

  /// Changes whenever something is made current; cheap to ask again and again. Nil when nothing was published.
  public func stamp(of name: String) -> Stamp? {
    guard Self.isName(name),
      let attributes = try? FileManager.default.attributesOfItem(atPath: record(of: name).path),
      let size = attributes[.size] as? UInt64, let changed = attributes[.modificationDate] as? Date
    else { return nil }
    return Stamp(size: size, changed: changed)
  }

  /// A state of a record.
  public struct Stamp: Hashable, Sendable {
    let size: UInt64
    let changed: Date
  }

  // MARK: Writing

  /// Copies a version and makes it current, in steps of which the last counts: whatever happens before, what was current is.
  ///
  /// - Parameters:
  ///   - files: of the version, by path below its folder.
  ///   - digest: of the files.
  ///   - verify: gives the digest of the files in a folder.
  ///   - review: looks at the copy before it is placed, and throws when it is not to answer.
  /// - Returns: the new line of the record; nil when the version was current already.
  public func publish(
    _ files: [File], of version: AssistantVersion, digest: String, findings: Int, by user: String,
    verify: (String) throws -> String, review: (String) throws -> Void = { _ in }
  ) throws -> Publication? {
    guard Self.isName(version.name), Self.isName(version.contentHash) else {
      throw StorageError("unknown_version", "\(version.name) is no name an assistant can be published under")
    }
    return try locked(version.name) {
      let history = try record(of: version.name).read()
      try place(files, as: version, digest: digest, verify: verify, review: review)
      guard history.last?.version.contentHash != version.contentHash else { return nil }
      return try add(.published, version, digest: digest, findings: findings, by: user, after: history)
    }
  }

  /// Makes a version current that was before.
  ///
  /// - Parameters:
  ///   - hash: the beginning of its content hash; nil for what was current before the current one.
  ///   - verify: gives the digest of the files in a folder.
  ///   - review: throws when a version that is as it was published cannot answer.
  /// - Returns: the new line of the record; nil when the version is current already.
  public func rollBack(
    _ name: String, to hash: String?, by user: String, verify: (String) throws -> String,
    review: (AssistantVersion) throws -> Void = { _ in }
  ) throws -> Publication? {
    guard try current(name) != nil else { throw nothingPublished(name) }
    return try locked(name) {
      let history = try record(of: name).read()
      guard let current = history.last else { throw nothingPublished(name) }
      guard let wanted = hash ?? current.previous else {
        throw StorageError("unknown_version", "Nothing was current before \(current.version)")
      }
      guard !wanted.isEmpty else {
        throw StorageError("unknown_version", "No version is named", hint: "--list shows them")
      }
      let found = Set(history.map(\.version)).filter { $0.contentHash.hasPrefix(wanted.lowercased()) }
      guard let version = found.first, found.count == 1 else {
        throw StorageError(
          "unknown_version", "\(found.count) versions of \(name) begin with \(wanted)", hint: "--list shows them")
      }
      guard let earlier = history.last(where: { $0.version == version }), let place = folder(of: version) else {
        throw StorageError(
          "unknown_version", "The files of \(version) are gone",
          hint: "Publish its folder again, or go back to another version: --list shows them")
      }
      guard try verify(place) == earlier.files else { throw altered(version) }
      try review(version)
      guard version != current.version else { return nil }
      return try add(
        .rolledBack, version, digest: earlier.files, findings: earlier.findings, by: user, after: history)
    }
  }

  // MARK: Steps

  private func place(
    _ files: [File], as version: AssistantVersion, digest: String, verify: (String) throws -> String,
    review: (String) throws -> Void
  ) throws {
    let home = folder + "/" + version.name
    for leftover in try FileManager.default.contentsOfDirectory(atPath: home) where leftover.hasPrefix(".new-") {
      try? FileManager.default.removeItem(atPath: home + "/" + leftover)
    }
    if let known = folder(of: version) {
      guard try verify(known) == digest else { throw altered(version) }
      return
    }
    let draft = home + "/.new-\(getpid())"
    do {
      var folders: Set<String> = [draft]
      try makeFolder(draft)
      for file in files {
        let parent = (draft + "/" + file.path).split(separator: "/", omittingEmptySubsequences: false).dropLast()
          .joined(separator: "/")
        if folders.insert(parent).inserted { try makeFolder(parent) }
        try DurableFile.create(draft + "/" + file.path, file.content)
      }
      for folder in folders { try DurableFile.sync(folder: folder) }
      try review(draft)
      guard try verify(draft) == digest else { throw copiedOtherwise(version) }
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw error
    }
    try pause(.copied)
    guard rename(draft, path(of: version)) == 0 else { throw DurableFile.failure("renamed", draft) }
    try DurableFile.sync(folder: home)
    try pause(.placed)
  }

  private func add(
    _ action: Publication.Action, _ version: AssistantVersion, digest: String, findings: Int, by user: String,
    after history: [Publication]
  ) throws -> Publication {
    let record = record(of: version.name)
    try record.append { before in
      Publication(
        action: action, version: version, previous: history.last?.version.contentHash, files: digest,
        findings: findings, by: user, at: SystemClock.milliseconds(), before: before)
    }
    try DurableFile.sync(folder: folder + "/" + version.name)
    try pause(.recorded)
    guard let added = try record.read().last else { throw nothingPublished(version.name) }
    return added
  }

  private func locked<Value>(_ name: String, _ work: () throws -> Value) throws -> Value {
    let home = folder + "/" + name
    try makeFolder(home)
    try DurableFile.sync(folder: folder)
    let descriptor = open(home + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DurableFile.failure("opened", home + "/lock") }
    // The end of the process gives the lock back as well.
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw StorageError("busy", "Somebody else publishes \(name)", hint: "Try again", isRetryable: true)
    }
    // Closing alone would leave it with a child that is just being started and still has the descriptor.
    defer { _ = flock(descriptor, LOCK_UN) }
    return try work()
  }

  private func makeFolder(_ path: String) throws(StorageError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw StorageError(
        "cannot_create", "\(path) cannot be made", hint: "Check the data folder and its rights", isRetryable: true)
    }
  }

  private func record(of name: String) -> PublicationRecord {
    PublicationRecord(path: folder + "/" + name + "/record.jsonl")
  }

  private func path(of version: AssistantVersion) -> String {
    folder + "/" + version.name + "/" + version.contentHash
  }

  private func altered(_ version: AssistantVersion) -> StorageError {
    StorageError(
      "version_altered", "The files of \(version) are not those that were published",
      hint: "Move \(path(of: version)) away and publish its folder again, "
        + "or go back to another version: --list shows them")
  }

  private func copiedOtherwise(_ version: AssistantVersion) -> StorageError {
    StorageError(
      "version_altered", "The copy of \(version) is not what was checked",
      hint: "Publish again, when nobody writes to the folder", isRetryable: true)
  }

  private func nothingPublished(_ name: String) -> StorageError {
    StorageError("unknown_version", "Nothing is published as \(name)", hint: "repartee publish DIR")
  }

  /// Names that are one part of a path and no hidden one.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
      }
  }
}
