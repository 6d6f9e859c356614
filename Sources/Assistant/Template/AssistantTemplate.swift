import FoundationEssentials

/// The files of a small assistant that works at once, for authors to begin with: it checks without a finding, talks, and its
/// tests pass. It asks no back end.
public struct AssistantTemplate: Sendable {
  /// The longest name.
  public static let longestName = 64
  private static let placeholder = "__NAME__"

  /// How the assistant, and its folder, is called.
  public let name: String

  /// A template under a name; nil when it is none: letters, digits, `_` and `-`, not starting with `-`.
  public init?(named name: String) {
    guard YAMLReader.isName(name), name.utf8.count <= Self.longestName else { return nil }
    self.name = name
  }

  /// The files, by path below the assistant's folder.
  public var files: [AssistantFile] {
    Self.parts.map { path, bytes in
      let text = String(decoding: bytes, as: UTF8.self).replacing(Self.placeholder, with: name)
      return AssistantFile(path: path, content: Data(text.utf8))
    }
  }

  private static var parts: [(String, [UInt8])] {
    [
      ("README.md", PackageResources.new_readme_md),
      ("assistant.yml", PackageResources.new_assistant_yml),
      ("domain.yml", PackageResources.new_domain_yml),
      ("examples/en-US.yml", PackageResources.new_examples_yml),
      ("flows/greeting.yml", PackageResources.new_greeting_yml),
      ("flows/opening_hours.yml", PackageResources.new_opening_hours_yml),
      ("flows/speak_to_person.yml", PackageResources.new_speak_to_person_yml),
      ("flows/where_we_are.yml", PackageResources.new_where_we_are_yml),
      ("server.yml", PackageResources.new_server_yml),
      ("tests/conversations.yml", PackageResources.new_tests_yml),
    ]
  }
}
