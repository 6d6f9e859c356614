public import Assistant
public import Core
internal import Foundation
internal import Storage

/// Makes versions of assistants current for servers that answer with what is published: checked, whole, written down.
public struct Publishing: Sendable {
  private let configuration: ServerConfiguration
  private let shelf: AssistantShelf
  private let user: String

  /// Publishing into the data folder of a configuration.
  public init(_ configuration: ServerConfiguration) {
    self.configuration = configuration
    shelf = AssistantShelf(configuration)
    user = Self.user()
  }

  /// What became of a folder.
  public enum Verdict: Sendable, Equatable {
    /// It answers from the next call on.
    case current(Outcome, CheckReport)
    /// It must be mended first; what was current is.
    case refused(CheckReport)
  }

  /// What a publication came to.
  public struct Outcome: Sendable, Equatable {
    /// What is current.
    public let version: AssistantVersion
    /// The content hash of what was current before.
    public let previous: String?
    /// Whether it was current already, so that nothing was written down.
    public let wasCurrent: Bool
    /// Whether it was current while its files were gone, which are there again.
    public let filesAreBack: Bool
  }

  /// One line of the record.
  public struct Entry: Sendable, Encodable {
    /// The content hash of the version.
    public let hash: String
    /// The content hash of what was current before.
    public let previous: String?
    /// `published` or `rolled_back`.
    public let action: String
    /// The operating system's user.
    public let by: String
    /// ISO 8601, UTC.
    public let at: String
    /// How many findings its check had.
    public let findings: Int
    /// Whether it answers now.
    public let isCurrent: Bool
  }

  /// Checks a folder as `repartee check` does with the same configuration, copies what makes up the assistant, and makes it current under its name.
  ///
  /// Throws the codes of storage.
  public func publish(folder: String) throws -> Verdict {
    let report = configuration.check(folder: folder)
    guard report.status == .publishable, let version = report.version else { return .refused(report) }
    let files = try AssistantLoader.files(of: folder)
    let wasThere = shelf.publications.folder(of: version) != nil
    let publication = try shelf.publications.publish(
      files.map { ($0.path, $0.content) }, of: version, digest: AssistantFile.digest(files),
      findings: report.findings.count, by: user, verify: AssistantShelf.digest
    ) { copy in
      // The copy is what will answer: it is read as it lies there, so that a folder changed meanwhile is noticed.
      guard try AssistantLoader().load(folder: copy, named: version.name).definition.version == version else {
        throw ServerError(.assistant, "\(folder) changed while it was read", hint: "publish it again")
      }
    }
    let outcome = Outcome(
      version: version, previous: publication?.previous, wasCurrent: publication == nil,
      filesAreBack: publication == nil && !wasThere)
    return .current(outcome, report)
  }

  /// Makes a version current that was before.
  ///
  /// - Parameter hash: the beginning of its content hash; nil for what was current before the current one.
  public func rollBack(_ name: String, to hash: String?) throws -> Outcome {
    let publication = try shelf.publications.rollBack(name, to: hash, by: user, verify: AssistantShelf.digest) {
      _ = try shelf.take($0)
    }
    guard let current = try shelf.publications.current(name) else {
      throw ServerError(.assistant, "nothing is published as \(name)", hint: "repartee publish FOLDER")
    }
    return Outcome(
      version: current.version, previous: publication?.previous, wasCurrent: publication == nil, filesAreBack: false)
  }

  /// What was made current under a name, oldest first.
  public func history(of name: String) throws -> [Entry] {
    let history = try shelf.publications.history(of: name)
    guard !history.isEmpty else {
      throw ServerError(
        .assistant, "nothing is published as \(name) in \(shelf.publications.folder)",
        hint: "repartee publish FOLDER --config FILE")
    }
    return history.enumerated().map { index, publication in
      Entry(
        hash: publication.version.contentHash, previous: publication.previous, action: publication.action.rawValue,
        by: publication.by, at: Date(timeIntervalSince1970: Double(publication.at) / 1000).formatted(.iso8601),
        findings: publication.findings, isCurrent: index == history.count - 1)
    }
  }

  /// The operating system's name of who runs this process, or the number when it has none.
  private static func user() -> String {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "\(geteuid())" }
    return String(cString: name)
  }
}
