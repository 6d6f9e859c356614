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

  @Test func `the standard policy lets ordinary personal data to tools and screens, nothing else`() {
    for exit in DataExit.allCases {
      let allowed = all.filter { DataPolicy.standard.allows($0, at: exit) }
      #expect(allowed == (exit == .tool || exit == .screen ? [.speech, .identifier, .name, .address, .personal] : []))
    }
  }

  @Test func `a label nobody listed is denied`() {
    #expect(!DataPolicy.standard.allows(DataLabel(rawValue: "shoe_size"), at: .tool))
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
