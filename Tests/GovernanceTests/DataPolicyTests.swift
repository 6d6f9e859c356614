import Core
import Governance
import Testing

@Suite struct DataPolicyTests {
  private let all: [DataLabel] = [.speech, .card, .identifier, .name, .address, .health, .secret, .personal]

  @Test func `an empty policy denies everything everywhere`() {
    for exit in DataExit.allCases {
      for label in all { #expect(!DataPolicy().allows(label, at: exit)) }
    }
  }

  @Test
  func `the standard policy lets ordinary personal data to tools and screens, and a caller's own values to the caller`()
  {
    for exit in DataExit.allCases {
      let allowed = all.filter { DataPolicy.standard.allows($0, at: exit) }
      switch exit {
      case .tool, .screen: #expect(allowed == [.speech, .identifier, .name, .address, .personal])
      case .line, .file: #expect(allowed == all.filter { $0 != .secret })
      case .log, .trace, .journal, .model: #expect(allowed.isEmpty)
      }
    }
  }

  @Test func `a kind that is denied at a wide exit is denied, until it is allowed again`() {
    let denied = DataPolicy.standard.denying([.health], at: .line)
    #expect(!denied.allows(.health, at: .line) && denied.allows(.card, at: .line) && denied.allows(.health, at: .file))
    #expect(denied.allowing([.health], at: .line).allows(.health, at: .line))
    #expect(!DataPolicy.standard.allowing([.secret], at: .line).allows(.secret, at: .line))
  }

  @Test func `a label nobody listed is denied`() {
    let size = DataLabel(rawValue: "shoe_size")
    #expect(!DataPolicy.standard.allows(size, at: .tool) && !DataPolicy.standard.allows(size, at: .screen))
    #expect(DataPolicy.standard.allows(size, at: .line), "but a caller hears it")
  }

  @Test(arguments: [DataExit.log, .trace, .journal]) func `closed exits stay closed`(exit: DataExit) {
    let policy = DataPolicy().allowing(Set(all), at: exit)
    #expect(all.allSatisfy { !policy.allows($0, at: exit) })
  }

  @Test func `a secret is granted to tools only`() {
    let policy = DataPolicy().allowing([.secret, .card], at: .tool).allowing([.secret, .card], at: .screen)
    #expect(policy.allows(.secret, at: .tool))
    #expect(!policy.allows(.secret, at: .screen))
    #expect(policy.allows(.card, at: .screen))
  }

  @Test func `what is denied again is denied`() {
    #expect(!DataPolicy.standard.denying([.speech], at: .tool).allows(.speech, at: .tool))
  }

  @Test func `a denied or erased value shows its label`() {
    let token = SensitiveToken(label: .name, id: "1")
    let known = Sensitive<String>(token: token, value: "Ada")
    #expect(DataPolicy.standard.text(of: known, at: .screen) == "Ada")
    #expect(DataPolicy.standard.text(of: known, at: .model) == "<name>")
    #expect(DataPolicy.standard.text(of: known.revealing(nil), at: .screen) == "<name>")
  }
}
