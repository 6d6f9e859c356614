internal import Core

extension StoreConformance {
  static let ledgerClauses: [StoreClause] = [
    StoreClause("an intent is new once, then what is known of it, in every store") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let done = ToolOutcome.completed(["date": .text("2030-05-20")])
      var known = try await store.ledger.intend(talk.intent("a"))
      try demand(known == nil, "a new key is said to be known")
      known = try await store.ledger.intend(talk.intent("a"))
      try demand(known == .intended, "a key that was intended is said to be \(known.map { "\($0)" } ?? "new")")
      known = try await bench.open().ledger.intend(talk.intent("a"))
      try demand(known == .intended, "a key that another store intended is said to be new")
      try await store.ledger.accept("a")
      known = try await bench.open().ledger.intend(talk.intent("a"))
      try demand(known == .accepted, "that a change was accepted is not known")
      try await store.ledger.settle("a", done)
      known = try await bench.open().ledger.intend(talk.intent("a"))
      try demand(known == .settled(done), "a settled change is said to be otherwise")
    },
    StoreClause("an intent makes the lines and values of its call durable that were given before it") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let value = store.vault.protect("my words", label: .speech, owner: talk.owner, ordinal: 0)
      let lines = [talk.start, talk.said(value, 1)]
      store.journal.append(lines)
      _ = try await store.ledger.intend(talk.intent("a"))
      let other = try await bench.open()
      let found = try? await other.reader.read(talk.call).entries
      try demand(found == lines, "an intent is durable and the lines before it are not")
      let text = try? await other.vault.reveal(value.token, owner: talk.owner)
      try demand(text.flatMap { $0 } == "my words", "an intent is durable and the values before it are not")
    },
    StoreClause("an intent of a call of which a line was refused is refused, and not written") { bench in
      let store = try await bench.open()
      let (bad, good) = (StoreTalk("bad"), StoreTalk("good"))
      store.journal.append(good.beginning())
      store.journal.append([bad.start, bad.line(2, .event(.connected))])
      try await demandRefusal("a change is written down though a line of its call was refused") {
        _ = try await store.ledger.intend(bad.intent("a"))
      }
      try await demandRefusal("that a line was refused is forgotten after the first intent") {
        _ = try await store.ledger.intend(bad.intent("a"))
      }
      do {
        _ = try await store.ledger.intend(good.intent("b"))
      } catch {
        throw Violation(description: "a change is refused because a line of another call was")
      }
      let open = try await store.ledger.open().map(\.intent.key)
      try demand(open == ["b"], "a change that was refused is in the book")
    },
    StoreClause("the first outcome stands; an unknown one leaves the intent open") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      for key in ["z", "m", "a"] { _ = try await store.ledger.intend(talk.intent(key)) }
      try await store.ledger.accept("a")
      try await store.ledger.settle("m", .refused("no"))
      try await store.ledger.settle("m", .refused("no"))
      try await store.ledger.settle("z", .unknown)
      try await demandRefusal("a settled change is given another outcome") {
        try await store.ledger.settle("m", .completed([:]))
      }
      for store in [store, try await bench.open()] {
        let known = try await store.ledger.intend(talk.intent("m"))
        try demand(known == .settled(.refused("no")), "the first outcome of a change does not stand")
        let open = try await store.ledger.open()
        try demand(
          open == [OpenEffect(talk.intent("z")), OpenEffect(talk.intent("a"), isAccepted: true)],
          "open intents are not those without outcome, oldest first, as they were written")
      }
    },
    StoreClause("nothing is settled or accepted that was not intended") { bench in
      let store = try await bench.open()
      try await demandRefusal("an outcome without an intent is taken") {
        try await store.ledger.settle("nobody", .completed([:]))
      }
      try await demandRefusal("an acceptance without an intent is taken") { try await store.ledger.accept("nobody") }
    },
    StoreClause("an outcome that comes when nobody writes the call's journal is a line of it, once") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      store.journal.append(talk.whole())
      for key in ["a", "b"] { _ = try await store.ledger.intend(talk.intent(key)) }
      try await store.ledger.settle("a", .completed([:]))
      var entries = try await store.reader.read(talk.call).entries
      try demand(entries == talk.whole(), "a call that goes on is given lines by somebody else")
      store.journal.close(talk.call)
      for _ in 0..<2 { try await store.ledger.settle("b", .refused("no")) }
      entries = try await store.reader.read(talk.call).entries
      try demand(
        entries.dropFirst(talk.whole().count).map(\.record) == [.remark(.settled(EffectID(3), .refused("no")))],
        "an outcome that came late is not the one line behind the others")
      try demand(entries.map(\.sequence) == Array(entries.indices), "a late line is not the next of its journal")
    },
    StoreClause("of many who intend at once one is first") { bench in
      let store = try await bench.open()
      let states = try await withThrowingTaskGroup(of: EffectState?.self) { group in
        for _ in 0..<20 { group.addTask { try await store.ledger.intend(StoreTalk().intent("a")) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try demand(states.count { $0 == nil } == 1, "\(states.count { $0 == nil }) of many are told to be first")
    },
    StoreClause("the book is read by call, in the order of intents, with what is known") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      store.journal.append(talk.beginning())
      for key in ["z", "m"] { _ = try await store.ledger.intend(talk.intent(key)) }
      try await store.ledger.settle("m", .refused("no"))
      let calls = try await store.ledgerReader.calls()
      try demand(calls == [talk.call], "calls that intended something are not listed")
      let effects = try await store.ledgerReader.effects(of: talk.call)
      try demand(effects.map(\.intent) == [talk.intent("z"), talk.intent("m")], "intents are read otherwise")
      try demand(effects.map(\.outcome) == [nil, .refused("no")], "outcomes are read otherwise")
      try demand(effects.allSatisfy(\.isUnderWay), "a change of a call that goes on is not under way")
      try await store.close()
      let later = try await bench.open().ledgerReader.effects(of: talk.call)
      try demand(later.count == 2 && !later.contains(where: \.isUnderWay), "a change of nobody is under way")
    },
  ]
}
