import Core
import Testing

@Suite struct SlotProtectionTests {
  private let protection = SlotProtection(["name": .name, "ill": .health, "orders": .identifier])
  private func mint(_ value: String, _ label: DataLabel) -> Sensitive<String> {
    Sensitive(token: SensitiveToken(label: label, id: "id of \(value)"), value: value)
  }
  private func hidden(_ value: String, _ label: DataLabel) -> SlotValue { .sensitive(mint(value, label)) }

  @Test func `what a tool answers for labelled slots goes behind tokens, lists by their elements`() {
    let answer: [SlotName: SlotValue] = [
      "name": .text("Ada"), "ill": .bool(true), "orders": .list([.number(7), .text("x")]), "status": .text("shipped"),
    ]
    #expect(
      protection.protect(.completed(answer), mint)
        == .completed([
          "name": hidden("Ada", .name), "ill": hidden("true", .health),
          "orders": .list([hidden("7", .identifier), hidden("x", .identifier)]), "status": .text("shipped"),
        ]))
    #expect(protection.protect(.refused("gone"), mint) == .refused("gone"))
  }

  @Test func `what is protected already stays as it is`() {
    let before = hidden("Ada", .speech)
    #expect(protection.protect(["name": before], mint) == ["name": before])
    #expect(protection.protect(before, for: "name", mint) == before)
  }

  @Test func `a value that is understood is protected, yes and no are not`() {
    #expect(protection.protect(.text("Ada"), for: "name", mint) == hidden("Ada", .name))
    #expect(protection.protect(.bool(true), for: "ill", mint) == .bool(true))
    #expect(protection.protect(.text("red"), for: "colour", mint) == .text("red"))
    let proposal = ProposedCommand(
      .setSlot("name", .text("Ada")), confidence: .certain, proposer: "p", runnerUp: "other")
    let protected = protection.protect(proposal, mint)
    #expect(protected.command == .setSlot("name", hidden("Ada", .name)))
    #expect(protected.proposer == "p" && protected.runnerUp == "other" && protected.confidence == .certain)
    let other = ProposedCommand(.startFlow("f"), confidence: .certain, proposer: "p")
    #expect(protection.protect(other, mint) == other)
  }
}
