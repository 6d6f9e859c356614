internal import Assistant
internal import Core
internal import Storage

/// Assistants by where they come from: an author's folder, or the published versions in the data folder.
struct AssistantShelf: Sendable {
  /// The published versions.
  let publications: PublicationStore

  init(_ configuration: ServerConfiguration) {
    publications = PublicationStore(folder: configuration.data + "/assistants")
  }

  /// An assistant, and the publication that made it current.
  struct Taken {
    let loaded: LoadedAssistant
    let publication: Publication?
  }

  /// What answers now.
  func take(_ source: ServerConfiguration.AssistantSource) throws -> Taken {
    switch source {
    case .folder(let folder): return Taken(loaded: try Self.load(folder, named: nil), publication: nil)
    case .published(let name):
      guard let publication = try publications.current(name) else {
        throw ServerError(
          .assistant, "nothing is published as \(name) in \(publications.folder)",
          hint: "repartee publish FOLDER --config FILE")
      }
      guard let folder = publications.folder(of: publication.version) else {
        throw ServerError(
          .assistant, "the files of \(publication.version) are gone from \(publications.folder)",
          hint: "publish it again, or go back: repartee publish --rollback \(name)")
      }
      guard Self.digest(of: folder) == publication.files else {
        throw ServerError(
          .assistant, "the files of \(publication.version) are not those that were published",
          hint: "move \(folder) away and publish its folder again, or go back: repartee publish --rollback \(name)")
      }
      return Taken(loaded: try Self.load(folder, named: name), publication: publication)
    }
  }

  /// A version as it was published, whatever is current now; nil when it was not published here.
  func take(_ version: AssistantVersion) throws -> Taken? {
    guard let folder = publications.folder(of: version) else { return nil }
    return Taken(loaded: try Self.load(folder, named: version.name), publication: nil)
  }

  /// A version exactly as it was published, for what it left undone; nil when it was not published here, or its files are
  /// others now.
  func unaltered(_ version: AssistantVersion) throws -> LoadedAssistant? {
    guard let publication = try publications.history(of: version.name).last(where: { $0.version == version }),
      let folder = publications.folder(of: version), Self.digest(of: folder) == publication.files
    else { return nil }
    return try Self.load(folder, named: version.name)
  }

  /// SHA-256 over the files of an assistant's folder; empty where they cannot be read as one.
  static func digest(of folder: String) -> String {
    (try? AssistantLoader.files(of: folder)).map(AssistantFile.digest) ?? ""
  }

  private static func load(_ folder: String, named name: String?) throws(ServerError) -> LoadedAssistant {
    do {
      return try AssistantLoader().load(folder: folder, named: name)
    } catch {
      throw ServerError(.assistant, "\(folder): \(error.message)", hint: error.hint)
    }
  }
}

extension ServerConfiguration.AssistantSource: CustomStringConvertible {
  /// The folder, or the name.
  public var description: String {
    switch self {
    case .folder(let folder): folder
    case .published(let name): "\(name) (published)"
    }
  }
}
