import Core

/// The patterns, responses and slots that every assistant has unless its author writes others.
struct BuiltIn {
  let profile: Profile

  /// The embedded files of a profile by name, in canonical order.
  static func files(_ profile: Profile) -> [(name: String, bytes: [UInt8])] {
    let own: (String, [UInt8]) =
      switch profile {
      case .c13: ("patterns_c13.yml", PackageResources.patterns_c13_yml)
      case .c16: ("patterns_c16.yml", PackageResources.patterns_c16_yml)
      }
    return [("domain.yml", PackageResources.domain_yml), ("patterns.yml", PackageResources.patterns_yml), own]
  }

  /// What they define, read once a process. Problems in them would be a fault of this build; a test holds them to none.
  var draft: Draft {
    switch profile {
    case .c13: Self.c13
    case .c16: Self.c16
    }
  }

  private static let c13 = BuiltIn(profile: .c13).read(ReadingContext(log: ProblemLog(), isImported: false))
  private static let c16 = BuiltIn(profile: .c16).read(ReadingContext(log: ProblemLog(), isImported: false))

  func read(_ context: ReadingContext) -> Draft {
    var draft = Draft()
    for (name, bytes) in Self.files(profile) {
      let text = String(decoding: bytes, as: UTF8.self)
      if name == "domain.yml" {
        DomainReader(context: context).read("built-in/" + name, text, into: &draft)
      } else {
        FlowReader(context: context).read("built-in/" + name, text, into: &draft)
      }
    }
    return draft
  }
}
