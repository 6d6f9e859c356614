internal import Core

extension StoreConformance {
  static let personClauses: [StoreClause] = [
    StoreClause("a value names the same person in every store, another value or tenant another one, and tells nothing")
    {
      bench in
      let (one, other) = (try await bench.open().vault, try await bench.open().vault)
      let ada = one.person("25-12", of: "shop")
      try demand(one.person("25-12", of: "shop") == ada, "a value names another person the next time")
      try demand(other.person("25-12", of: "shop") == ada, "a value names another person in another store")
      try demand(!ada.rawValue.contains("25-12") && !ada.rawValue.isEmpty, "a person's pseudonym tells the value")
      let others = [
        one.person("25-13", of: "shop"), one.person("25-12", of: "bank"), one.person("p25-12", of: "sho"),
        one.person("", of: "shop25-12"),
      ]
      try demand(!others.contains(ada), "two persons have one pseudonym")
    },
    StoreClause("a call's values are the person's who is identified in it, those given before and after, by any store")
    {
      bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let before = store.vault.protect("before", label: .speech, owner: talk.owner, ordinal: 0)
      store.journal.append([talk.start, talk.said(before, 1)])
      try await store.journal.flush(talk.call)
      let waiting = store.vault.protect("waiting", label: .speech, owner: talk.owner, ordinal: 0)
      store.journal.append([talk.said(waiting, 2), talk.identified("ada", 3)])
      let after = store.vault.protect("after", label: .speech, owner: talk.owner, ordinal: 0)
      store.journal.append([talk.said(after, 4)])
      try await store.journal.flush(talk.call)
      let later = store.vault.protect("later", label: .speech, owner: talk.owner, ordinal: 0)
      store.journal.append([talk.said(later, 5)])
      try await store.journal.flush(talk.call)
      let whole = Sensitive<String>.joining([before, later], label: .speech)
      for other in [store, try await bench.open()] {
        for owner in [talk.owner, .person("shop", "ada")] {
          for (value, text) in [
            (before, "before"), (waiting, "waiting"), (after, "after"), (later, "later"), (whole, "beforelater"),
          ] {
            let found = try? await other.vault.reveal(value.token, owner: owner)
            try demand(found == text, "the value given \(text) is not revealed for \(owner.key)")
          }
          let again = other.vault.protect("before", label: .speech, owner: owner, ordinal: 0)
          let found = try await other.vault.reveal(again.token, owner: .person("shop", "ada"))
          try demand(found == "before", "what is given for \(owner.key) is not the person's")
        }
        for owner in [DataOwner.person("shop", "bob"), .person("bank", "ada"), .call("bank", talk.call)] {
          let stolen = try? await other.vault.reveal(before.token, owner: owner)
          try demand(stolen.flatMap { $0 } == nil, "a value is revealed to somebody else: \(owner.key)")
        }
        try demand(try await other.reader.read(talk.call).erased == 0, "values of a person are counted as erased")
      }
    },
    StoreClause("a call is not a person's before the line that says so is durable") { bench in
      let store = try await bench.open()
      let talk = StoreTalk()
      let value = store.vault.protect("words", label: .speech, owner: talk.owner, ordinal: 0)
      store.journal.append([talk.start, talk.said(value, 1)])
      try await store.journal.flush(talk.call)
      store.journal.append([talk.identified("ada", 2)])
      let other = try await bench.open()
      let early = try? await other.vault.reveal(value.token, owner: .person("shop", "ada"))
      try demand(early.flatMap { $0 } == nil, "a call is a person's before its journal says so")
      let own = try await other.vault.reveal(value.token, owner: talk.owner)
      try demand(own == "words", "the call's own values are not revealed before it is bound")
      store.journal.append([talk.line(9, .event(.identified("ada")))])
      try await demandRefusal("a line that does not fit is taken") { try await store.journal.flush(talk.call) }
      let bound = try await other.vault.reveal(value.token, owner: .person("shop", "ada"))
      try demand(bound == "words", "a line before one that was refused binds nothing")
      let lost = StoreTalk("call-2")
      let theirs = store.vault.protect("words", label: .speech, owner: lost.owner, ordinal: 0)
      store.journal.append([lost.start, lost.line(7, .event(.identified("ada")))])
      try await demandRefusal("a line that does not fit is taken") { try await store.journal.flush(lost.call) }
      let refused = try? await other.vault.reveal(theirs.token, owner: .person("shop", "ada"))
      try demand(refused.flatMap { $0 } == nil, "a line that was refused binds its call")
    },
    StoreClause("the person who was known or identified first stays") { bench in
      let store = try await bench.open()
      var known = StoreTalk("known")
      known.person = "bob"
      for (talk, first) in [(StoreTalk("unknown"), PersonID("ada")), (known, "bob")] {
        let value = store.vault.protect("words", label: .speech, owner: .call("shop", talk.call), ordinal: 0)
        store.journal.append([talk.start, talk.said(value, 1)])
        store.journal.append(["ada", "cleo", "ada"].enumerated().map { talk.identified($1, $0 + 2) })
        let later = store.vault.protect("words", label: .speech, owner: .call("shop", talk.call), ordinal: 1)
        store.journal.append([talk.said(later, 5)])
        try await store.journal.flush(talk.call)
        for value in [value, later] {
          let own = try? await store.vault.reveal(value.token, owner: .call("shop", talk.call))
          try demand(own == "words", "the call does not stand for who was first")
        }
        for person in ["ada", "bob", "cleo"] as [PersonID] {
          let found = try? await store.vault.reveal(value.token, owner: .person("shop", person))
          try demand(
            (found.flatMap { $0 } == "words") == (person == first),
            "the values are not those of who was first: \(person)")
        }
      }
    },
    StoreClause("erasing a person reaches every call of theirs and no other, and calls go on") { bench in
      let store = try await bench.open()
      let talks = [StoreTalk("one"), StoreTalk("two"), StoreTalk("other")]
      var values: [Sensitive<String>] = []
      for (talk, person) in zip(talks, ["ada", "ada", "bob"] as [PersonID]) {
        let before = store.vault.protect("before", label: .speech, owner: talk.owner, ordinal: 0)
        store.journal.append([talk.start, talk.said(before, 1), talk.identified(person, 2)])
        let after = store.vault.protect("after", label: .speech, owner: talk.owner, ordinal: 0)
        store.journal.append([talk.said(after, 3)])
        values += [before, after]
        try await store.journal.flush(talk.call)
      }
      let eraser = try await bench.open()
      try await eraser.vault.erase(.person("shop", "ada"))
      for store in [store, eraser, try await bench.open()] {
        for (place, value) in values.enumerated() {
          let talk = talks[place / 2]
          let isGone = place < 4
          for owner in [talk.owner, .person("shop", "ada"), .person("shop", "bob")] {
            let found = try? await store.vault.reveal(value.token, owner: owner)
            let isTheirs = !isGone && owner != .person("shop", "ada")
            try demand(
              found.flatMap { $0 } == (isTheirs ? place % 2 == 0 ? "before" : "after" : nil),
              "value \(place) for \(owner.key) after the erasure: \(isGone ? "still there" : "gone")")
          }
        }
        for (talk, erased) in zip(talks, [2, 2, 0]) {
          let reading = try await store.reader.read(talk.call)
          try demand(reading.entries.count == 4 && reading.firstBroken == nil, "a journal changes by an erasure")
          try demand(reading.erased == erased, "\(reading.erased) values of \(talk.call) are counted as erased")
        }
      }
      let later = store.vault.protect("later", label: .speech, owner: talks[0].owner, ordinal: 0)
      store.journal.append([talks[0].said(later, 4)])
      try await store.journal.flush(talks[0].call)
      let found = try? await store.vault.reveal(later.token, owner: .person("shop", "ada"))
      try demand(found == "later", "what is said after an erasure is lost, or not the person's")
      try await eraser.vault.erase(talks[1].owner)
      let last = try? await store.vault.reveal(later.token, owner: talks[0].owner)
      try demand(last.flatMap { $0 } == nil, "a call that has a person does not stand for all of theirs")
    },
  ]
}
