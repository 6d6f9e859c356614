internal import Core

extension StoreConformance {
  static let vaultClauses: [StoreClause] = [
    StoreClause("the same value of an owner has the same token; another value, label, ordinal or owner another one") {
      bench in
      let vault = try await bench.open().vault
      let owner = StoreTalk("a").owner
      let token = vault.protect("2512", label: .identifier, owner: owner, ordinal: 0).token
      try demand(
        vault.protect("2512", label: .identifier, owner: owner, ordinal: 0).token == token,
        "the same value has another token")
      try demand(token.label == .identifier && !token.id.contains("2512"), "a token tells the value, or another label")
      let others = [
        vault.protect("2513", label: .identifier, owner: owner, ordinal: 0),
        vault.protect("2512", label: .card, owner: owner, ordinal: 0),
        vault.protect("2512", label: .identifier, owner: owner, ordinal: 1),
        vault.protect("2512", label: .identifier, owner: StoreTalk("b").owner, ordinal: 0),
      ]
      let (card, name) = (
        vault.protect("2512", label: .card, owner: owner, ordinal: 0),
        vault.protect("2512", label: .name, owner: owner, ordinal: 0)
      )
      try demand(card.token.id != name.token.id, "a value looks the same under two labels")
      for (place, other) in others.enumerated() {
        try demand(other.token != token, "two different values have one token (\(place))")
      }
    },
    StoreClause("a value is revealed to whom it belongs, whole when it is joined, by any store") { bench in
      let store = try await bench.open()
      let owner = StoreTalk("a").owner
      let parts = ["25", "12"].map { store.vault.protect($0, label: .identifier, owner: owner, ordinal: 0) }
      let joined = Sensitive<String>.joining(
        [.literal("2030-", label: .identifier)] + parts, label: .identifier)
      for other in [store, try await bench.open()] {
        let text = try await other.vault.reveal(parts[0].token, owner: owner)
        try demand(text == "25", "a value is revealed as another one")
        let whole = try await other.vault.reveal(joined.token, owner: owner)
        try demand(whole == "2030-2512", "a joined value is not revealed from its parts")
        let stolen = try? await other.vault.reveal(parts[0].token, owner: StoreTalk("b").owner)
        try demand(stolen.flatMap { $0 } == nil, "a value is revealed to somebody else")
      }
    },
    StoreClause("a value is durable no later than the line that names it") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let value = store.vault.protect("my words", label: .speech, owner: talk.owner, ordinal: 0)
      store.journal.append([talk.start, talk.said(value, 1)])
      try await store.journal.flush(talk.call)
      let other = try await bench.open()
      let text = try? await other.vault.reveal(value.token, owner: talk.owner)
      try demand(text.flatMap { $0 } == "my words", "a line is durable and the value it names is not")
      for store in [store, other] {
        let read = try await store.reader.read(talk.call)
        guard case .event(.message(let heard))? = read.entries.last?.record else {
          throw Violation(description: "the line that names a value is not read")
        }
        try demand(heard.text.token == value.token && heard.text.revealed == nil, "a journal holds a caller's value")
        try demand(read.erased == 0, "values that are there are counted as erased")
      }
    },
    StoreClause("what was erased is revealed to nobody; journals stay, and count what is gone") { bench in
      let store = try await bench.open()
      var (talk, other) = (StoreTalk("erased"), StoreTalk("kept"))
      talk.person = "ada"
      other.person = "bob"
      let value = store.vault.protect("my words", label: .speech, owner: talk.owner, ordinal: 0)
      let kept = store.vault.protect("other words", label: .speech, owner: other.owner, ordinal: 0)
      let lines = [talk.start, talk.said(value, 1)]
      store.journal.append(lines)
      try await store.journal.flush(talk.call)
      let before = try await store.reader.read(talk.call)
      try demand(before.erased == 0, "values of a known person are counted as erased before they are")
      try await store.vault.erase(talk.owner)
      for store in [store, try await bench.open()] {
        let text = try await store.vault.reveal(value.token, owner: talk.owner)
        try demand(text == nil, "a value is revealed after it was erased")
        let others = try await store.vault.reveal(kept.token, owner: other.owner)
        try demand(others == "other words", "somebody else's values are erased")
        let reading = try await store.reader.read(talk.call)
        try demand(reading.entries == lines && reading.firstBroken == nil, "a journal changes by an erasure")
        try demand(reading.erased == 1, "\(reading.erased) values are counted as erased")
      }
    },
  ]
}
