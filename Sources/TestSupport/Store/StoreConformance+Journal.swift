internal import Core

extension StoreConformance {
  static let journalClauses: [StoreClause] = [
    StoreClause("lines are read as they were given, in order, with a whole chain") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let lines = talk.whole(5)
      for part in [lines.prefix(2), lines.dropFirst(2)] { store.journal.append(Array(part)) }
      let reading = try await store.reader.read(talk.call)
      try demand(reading.entries == lines, "other lines are read than were given")
      try demand(reading.firstBroken == nil, "lines nobody touched are said to be altered")
    },
    StoreClause("lines are durable when a flush returns") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      store.journal.append(talk.beginning())
      try await store.journal.flush(talk.call)
      let found = try? await bench.open().reader.read(talk.call).entries
      try demand(found == talk.beginning(), "a flush returned before the lines were durable")
    },
    StoreClause("a line that does not fit is refused with all that follow, and the call's flush throws") { bench in
      for order in [[0, 1, 3, 4], [0, 1, 1, 2], [1, 2]] {
        let store = try await bench.open()
        let talk = StoreTalk(CallID("call-\(order.count)-\(order[0])-\(order[1])-\(order.last ?? 0)"))
        let lines = talk.whole(5)
        store.journal.append(order.map { lines[$0] })
        try await demandRefusal("a flush returns though a line of the call was refused: \(order)") {
          try await store.journal.flush(talk.call)
        }
        store.journal.append([lines[5]])
        try await demandRefusal("a refusal is forgotten before the call is closed") {
          try await store.journal.flush(talk.call)
        }
        let kept = (try? await store.reader.read(talk.call).entries) ?? []
        try demand(kept == (order[0] == 0 ? Array(lines.prefix(2)) : []), "what is kept is no whole prefix: \(order)")
      }
    },
    StoreClause("a refusal is its call's own, and over when that is closed") { bench in
      let store = try await bench.open()
      let (bad, good) = (StoreTalk("bad"), StoreTalk("good"))
      store.journal.append([bad.start, bad.line(2, .event(.connected))])
      store.journal.append(good.beginning())
      do {
        try await store.journal.flush(good.call)
      } catch {
        throw Violation(description: "a call is refused because another one was")
      }
      try await demandRefusal("a refused line is not told") { try await store.journal.flush(bad.call) }
      try demand(store.isWell, "a refusal of one call makes the store unwell")
      store.journal.close(bad.call)
      do {
        try await store.journal.flush(bad.call)
      } catch {
        throw Violation(description: "a closed call is still refused")
      }
    },
    StoreClause("calls are listed newest first, with their length and whether they ended") { bench in
      let store = try await bench.open()
      var (old, new) = (StoreTalk("old"), StoreTalk("new"))
      old.startedAt = 1_900_000_000_000
      new.startedAt = 1_900_000_000_001
      store.journal.append(new.beginning(3))
      store.journal.append(old.whole(1))
      let calls = try await store.reader.calls(limit: 9)
      try demand(calls.map(\.call) == ["new", "old"], "calls are listed in another order: \(calls.map(\.call))")
      try demand(calls.map(\.lines) == [4, 3], "calls are listed with other lengths")
      try demand(calls.map(\.hasEnded) == [false, true], "it is listed otherwise which calls ended")
      try demand(
        calls.allSatisfy { $0.version == new.version } && calls.map(\.startedAt) == [new.startedAt, old.startedAt],
        "calls are listed with another assistant or start")
      try demand(try await store.reader.calls(limit: 1).map(\.call) == ["new"], "a listing's limit is not kept")
    },
    StoreClause("a listing goes on behind a call, also where several began at once, and tells how many there are") {
      bench in
      let store = try await bench.open()
      for call in ["a", "b", "c"] as [CallID] { store.journal.append(StoreTalk(call).whole(1)) }
      try demand(
        try await store.reader.calls(limit: 9).map(\.call) == ["c", "b", "a"],
        "calls that began at once are not newest first")
      let next = try await store.reader.calls(limit: 1, before: "c").map(\.call)
      try demand(next == ["b"], "a listing behind a call goes on elsewhere: \(next)")
      try demand(try await store.reader.calls(limit: 9, before: "a").isEmpty, "there are calls behind the last one")
      try demand(try await store.reader.callCount() == 3, "calls are counted otherwise")
      try await demandRefusal("a listing goes on behind a call that there never was") {
        _ = try await store.reader.calls(limit: 9, before: "nobody")
      }
    },
    StoreClause("a call that was never journaled cannot be read") { bench in
      let store = try await bench.open()
      try await demandRefusal("a call is read that there never was") { _ = try await store.reader.read("nobody") }
    },
    StoreClause("a call is followed by its lines from a position on, each once, in any store") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let lines = talk.whole(5)
      let other = try await bench.open()
      var seen: [JournalEntry] = []
      for part in [lines.prefix(3), lines[3..<3], lines.dropFirst(3)] {
        store.journal.append(Array(part))
        try await store.journal.flush(talk.call)
        let more = try await other.reader.lines(of: talk.call, from: seen.count)
        try demand(more == Array(part), "a follower sees other lines than came: \(more.map(\.sequence))")
        seen += more
      }
      let own = try await store.reader.lines(of: talk.call, from: 4)
      try demand(own == Array(lines.dropFirst(4)), "a call is followed from another place")
      try await demandRefusal("a call is followed that there never was") {
        _ = try await store.reader.lines(of: "nobody", from: 0)
      }
    },
    StoreClause("a call's landmarks are its first line, those that tell how it stands, and its last") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let attached = Attachment(call: "second", leg: "leg-2", channel: .chat, calledAddress: "*", utcOffsetSeconds: 0)
      let lines =
        talk.beginning()
        + [
          talk.line(4, .event(.hungUp(by: .caller))), talk.line(5, .effect(.suspend(until: .milliseconds(9)))),
          talk.line(6, .event(.connected)), talk.line(7, .event(.attached(attached))),
          talk.line(8, .effect(.hangUp(.completed))),
        ]
      store.journal.append(lines)
      let found = try await store.reader.landmarks(of: talk.call)
      try demand(found.map(\.sequence) == [0, 4, 5, 7, 8], "other lines are landmarks: \(found.map(\.sequence))")
      try demand(found == [0, 4, 5, 7, 8].map { lines[$0] }, "landmarks are not the lines that were given")
      try await demandRefusal("a call has landmarks that there never was") {
        _ = try await store.reader.landmarks(of: "nobody")
      }
    },
    StoreClause("the call that an event was written of last is told, whenever it began and whatever is remarked") {
      bench in
      let store = try await bench.open()
      try demand(try await store.reader.lastActive() == nil, "there is a last call though there is none")
      var (old, new) = (StoreTalk("old"), StoreTalk("new"))
      old.startedAt = 1_900_000_000_000
      new.startedAt = 1_900_000_000_001
      store.journal.append(old.beginning())
      try await store.journal.flush(old.call)
      store.journal.append(new.beginning())
      try demand(try await store.reader.lastActive() == new.call, "the last call is another one")
      store.journal.append([old.line(4, .event(.connected))])
      try await store.journal.flush(old.call)
      store.journal.append([new.line(4, .remark(.repeated(EffectID(1))))])
      try demand(try await store.reader.lastActive() == old.call, "the last call is the one that began last")
    },
    StoreClause("a line of a kind that is not known is kept") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let lines = [talk.start, talk.line(1, .unknown("event.dreamt")), talk.line(2, .unknown("remark.weather"))]
      store.journal.append(lines)
      try demand(try await store.reader.read(talk.call).entries == lines, "lines of unknown kinds are not kept")
    },
  ]
}
