internal import Assistant
internal import Foundation

/// Writes a small assistant that works at once, for an author to begin with.
public struct NewAssistant: Sendable {
  private let template: AssistantTemplate
  private let path: String

  /// A new assistant.
  ///
  /// - Parameters:
  ///   - name: of the assistant and its folder.
  ///   - parent: the folder it is made in.
  public init(name: String, in parent: String = ".") throws(ServerError) {
    guard let template = AssistantTemplate(named: name) else {
      throw ServerError(
        .newAssistant, "`\(name)` is no name for an assistant",
        hint: "letters, digits, `_` and `-`, not starting with `-`, \(AssistantTemplate.longestName) at most")
    }
    self.template = template
    path = parent == "." ? name : parent + "/" + name
  }

  /// Writes its files: all of them, or none. Returns its folder. A folder that is there is left alone.
  public func write() throws(ServerError) -> String {
    let files = FileManager.default
    guard (try? files.attributesOfItem(atPath: path)) == nil else {
      throw ServerError(.newAssistant, "\(path) is there already", hint: "choose another name, or move it away")
    }
    let draft = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/.\(template.name).new-\(getpid())"
    do {
      for file in template.files {
        let place = URL(fileURLWithPath: draft + "/" + file.path)
        try files.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try file.content.write(to: place)
      }
      try files.moveItem(atPath: draft, toPath: path)
    } catch {
      try? files.removeItem(atPath: draft)
      throw ServerError(.newAssistant, "\(path) cannot be written", hint: "check the folder's rights and the disk")
    }
    return path
  }
}
