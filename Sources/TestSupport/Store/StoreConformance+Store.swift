internal import Core

extension StoreConformance {
  static let storeClauses: [StoreClause] = [
    StoreClause("every opening of a store has a lease of its own") { bench in
      var leases: Set<String> = []
      for _ in 0..<3 {
        let store = try await bench.open()
        try demand(!store.holder.node.isEmpty && !store.holder.lease.isEmpty, "a store does not say whose it is")
        try demand(leases.insert(store.holder.lease).inserted, "two openings have one lease")
        try await store.close()
      }
    },
    StoreClause("calls without an end are left when their store is gone, and nobody's who lives") { bench in
      let gone = try await bench.open()
      let (first, second, ended) = (StoreTalk("z"), StoreTalk("a"), StoreTalk("ended"))
      for lines in [first.beginning(), second.beginning(), ended.whole()] { gone.journal.append(lines) }
      try await gone.journal.flush(first.call)
      let store = try await bench.open()
      store.journal.append(StoreTalk("own").beginning())
      try await store.journal.flush("own")
      var left = try await store.callsLeft()
      try demand(left.isEmpty, "calls of stores that live are said to be left: \(left)")
      try await gone.close()
      left = try await store.callsLeft()
      try demand(left == [first.call, second.call], "calls that were left are not told, oldest first: \(left)")
    },
    StoreClause(
      "calls that ended in a change are told when their store is gone, as long as they do not tell its outcome"
    ) {
      bench in
      let gone = try await bench.open()
      var (untold, second, told, other) = (StoreTalk("z"), StoreTalk("a"), StoreTalk("told"), StoreTalk("other"))
      (untold.startedAt, second.startedAt, told.startedAt, other.startedAt) = (0, 0, 0, 0)
      for talk in [untold, second, told] {
        var lines = talk.beginning() + [talk.line(4, .effect(.work(.invoke(talk.change))))]
        if talk.call == told.call {
          lines.append(talk.line(5, .event(.finished(.tool(talk.change.effect), .tool(.completed([:]))))))
        }
        gone.journal.append(lines + [talk.line(lines.count, .event(.hungUp(by: .caller)))])
        _ = try await gone.ledger.intend(talk.intent(talk.call.rawValue, effect: talk.change.effect.rawValue))
        try await gone.ledger.settle(talk.call.rawValue, .completed([:]))
      }
      gone.journal.append(other.whole())
      try await gone.journal.flush(other.call)
      let store = try await bench.open()
      var found = try await store.callsEndedInChange()
      try demand(found.isEmpty, "calls of stores that live are told to have ended in a change: \(found)")
      try await gone.close()
      found = try await store.callsEndedInChange()
      try demand(found == [untold.call, second.call], "calls that ended in a change are not told: \(found)")
      try await store.conclude(untold.call, with: .settled(untold.change.effect, .completed([:])))
      found = try await store.callsEndedInChange()
      try demand(found == [second.call], "a call is told to lack what it tells: \(found)")
    },
    StoreClause("a remark of another store takes a call from nobody who left it") { bench in
      let gone = try await bench.open()
      let talk = StoreTalk()
      gone.journal.append(talk.beginning())
      try await gone.close()
      let store = try await bench.open()
      try await store.conclude(talk.call, with: .settled(EffectID(1), .unknown))
      try demand(
        try await store.callsLeft() == [talk.call], "a call that was left is not, since something was learned of it")
      try demand(
        try await store.isFree(talk.call), "a call that was left is not free, since something was learned of it")
    },
    StoreClause("a call is free when it has an end or whoever had it is gone, and taken by whoever goes on with it") {
      bench in
      let store = try await bench.open()
      let (open, ended) = (StoreTalk("open"), StoreTalk("ended"))
      for lines in [open.beginning(), ended.whole()] { store.journal.append(lines) }
      try await store.journal.flush(open.call)
      try await store.journal.flush(ended.call)
      let other = try await bench.open()
      for each in [store, other] {
        try demand(try await !each.isFree(open.call), "a call of a store that lives is free")
        try demand(try await each.isFree(ended.call), "a call that has an end is not free")
        try demand(try await !each.isFree("nobody"), "a call that there never was is free")
      }
      let attached = ended.line(
        ended.whole().count,
        .event(
          .attached(
            Attachment(call: "second", leg: "leg-2", channel: .chat, calledAddress: "100", utcOffsetSeconds: 0))))
      other.journal.append([attached])
      try await other.journal.flush(ended.call)
      try demand(try await !store.isFree(ended.call), "a call that somebody goes on with is free")
      try await store.close()
      try demand(try await other.isFree(open.call), "a call whose store is gone is not free")
      try demand(try await !other.isFree(ended.call), "a call is free though whoever goes on with it lives")
      try await other.close()
      let last = try await bench.open()
      try demand(try await last.isFree(ended.call), "a call is not free though whoever went on with it is gone")
      let left = try await last.callsLeft()
      try demand(left == [open.call, ended.call], "a call that was gone on with and left is not told: \(left)")
    },
    StoreClause("intents of a store that lives are not open for others") { bench in
      let (first, second) = (try await bench.open(), try await bench.open())
      let talk = StoreTalk()
      first.journal.append(talk.beginning())
      _ = try await first.ledger.intend(talk.intent("a"))
      try demand(try await second.ledger.open().isEmpty, "an intent of a store that lives is open for others")
      try demand(try await first.ledger.open().count == 1, "an own intent is not open")
      try await first.close()
      try demand(try await second.ledger.open().count == 1, "an intent that nobody has any more is not open")
    },
    StoreClause("a remark ends a call that nobody writes, and none that goes on") { bench in
      let gone = try await bench.open()
      let talk = StoreTalk()
      gone.journal.append(talk.beginning())
      try await demandRefusal("a call that goes on is given a line by somebody else") {
        try await gone.conclude(talk.call, with: .abandoned)
      }
      try await gone.close()
      let store = try await bench.open()
      try await demandRefusal("a call is ended that there never was") {
        try await store.conclude("nobody", with: .abandoned)
      }
      try await store.conclude(talk.call, with: .abandoned)
      let reading = try await bench.open().reader.read(talk.call)
      try demand(
        reading.entries.dropLast() == talk.beginning()[...] && reading.entries.last?.record == .remark(.abandoned)
          && reading.entries.last?.sequence == talk.beginning().count && reading.firstBroken == nil,
        "the remark is not the next line of the journal")
      try demand(try await store.callsLeft().isEmpty, "a call that was ended is still left")
    },
    StoreClause("a store writes what it was given when it is closed, and takes nothing afterwards") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      store.journal.append(talk.beginning())
      try await store.close()
      let found = try? await bench.open().reader.read(talk.call).entries
      try demand(found == talk.beginning(), "lines are lost when a store is closed")
      store.journal.append([talk.line(4, .event(.connected))])
      try await demandRefusal("a closed store says that it wrote a line") {
        try await store.journal.flush(talk.call)
      }
      try await demandRefusal("a closed store takes an intent") {
        _ = try await store.ledger.intend(talk.intent("a"))
      }
    },
    StoreClause("a journal that another store began is gone on with") { bench in
      let talk = StoreTalk()
      let lines = talk.whole()
      for part in [lines.prefix(2), lines.dropFirst(2)] {
        let store = try await bench.open()
        store.journal.append(Array(part))
        try await store.close()
      }
      let reading = try await bench.open().reader.read(talk.call)
      try demand(reading.entries == lines && reading.firstBroken == nil, "a journal is not gone on with")
    },
  ]
}
