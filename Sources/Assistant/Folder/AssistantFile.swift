public import FoundationEssentials

/// One file of an assistant.
public struct AssistantFile: Hashable, Sendable {
  /// Below the assistant's folder, with `/`.
  public let path: String
  /// Its bytes.
  public let content: Data

  /// A file.
  public init(path: String, content: Data) {
    self.path = path
    self.content = content
  }

  /// SHA-256 over files in the order of the bytes of their paths, lower-case hexadecimal. Unlike a version's hash it leaves
  /// the built-in patterns out: it tells whether files are the same, whichever program reads them.
  public static func digest(_ files: [AssistantFile]) -> String {
    var hash = ContentHash()
    for file in files.sorted(by: { Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8)) }) {
      hash.add(path: file.path, content: file.content)
    }
    return hash.finish()
  }
}

extension AssistantLoader {
  /// The files that make up the assistant in a folder: its behaviour, not its tests, its documentation or its neighbours.
  public static func files(of folder: String) throws(AssistantLoadError) -> [AssistantFile] {
    let log = ProblemLog()
    guard let found = AssistantFolder(root: folder, log: log) else { throw AssistantLoadError(problems: log.sorted) }
    let files = found.hashed.compactMap { path in found.bytes(path).map { AssistantFile(path: path, content: $0) } }
    if log.hasErrors { throw AssistantLoadError(problems: log.sorted) }
    return files
  }
}
