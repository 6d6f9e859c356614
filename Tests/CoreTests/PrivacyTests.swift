import Core
import FoundationEssentials
import Testing

@Suite struct `A sensitive value` {
  let card = Sensitive(token: SensitiveToken(label: .card, id: "a1"), value: "4111111111111111")

  @Test func `shows nothing of itself however it is printed`() throws {
    var dumped = ""
    dump(card, to: &dumped)
    var slot = ""
    dump(SlotValue.sensitive(card), to: &slot)
    let encoded = String(decoding: try CanonicalJSON.encode(SlotValue.sensitive(card)), as: UTF8.self)
    for text in [
      "\(card)", String(reflecting: card), dumped, slot, encoded, "\(SlotValue.sensitive(card))", "\([card])",
    ] {
      #expect(!text.contains("4111"))
    }
    #expect(encoded == #"{"sensitive":"card:a1"}"#)
  }

  @Test func `is its token for equality, and comes back from encoding without the value`() throws {
    let back = try CanonicalJSON.decode(Sensitive<String>.self, from: try CanonicalJSON.encode(card))
    #expect(back == card)
    #expect(back.revealed == nil)
    #expect(Sensitive(token: card.token, value: "other") == card)
  }

  @Test func `joins with others into one that is erased when a part is`() {
    let one = Sensitive(token: SensitiveToken(label: .speech, id: "1"), value: "4")
    let two = Sensitive(token: SensitiveToken(label: .speech, id: "2"), value: "2")
    #expect(Sensitive.joining([one, two], label: .identifier).revealed == "42")
    #expect(Sensitive.joining([one, two], label: .identifier).token.id == "1+2")
    #expect(Sensitive.joining([one, two.revealing(nil)], label: .identifier).revealed == nil)
  }
}

@Suite struct `A book of facts` {
  let value = Sensitive(token: SensitiveToken(label: .card, id: "t"), value: "1234")

  @Test func `notes a question once, and answers the same after the value is erased`() {
    var live = FactBook()
    let answer = live.ask(value, "length") { .number($0.count) }
    _ = live.ask(value, "length") { .number($0.count) }
    let noted = live.takeNoted()
    #expect(noted == [Fact(token: value.token, question: "length", answer: .number(4))])
    #expect(live.takeNoted().isEmpty)

    var replayed = FactBook()
    replayed.recall(noted)
    #expect(replayed.ask(value.revealing(nil), "length") { .number($0.count) } == answer)
    #expect(replayed.takeNoted() == noted)
  }

  @Test func `knows nothing of an erased value nobody asked about`() {
    var book = FactBook()
    #expect(book.ask(value.revealing(nil), "length") { .number($0.count) } == nil)
    #expect(book.takeNoted().isEmpty)
  }
}
