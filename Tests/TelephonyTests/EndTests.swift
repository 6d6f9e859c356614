import Core
import NIOCore
import Telephony
import Testing

@Suite struct `The end of a call` {
  @Test func `by us is a BYE to where the caller called from`() async throws {
    try await withRig(calls: 1) { rig in
      let talk = try await rig.connect()
      talk.line.hangUp()
      let bye = try await talk.phone.next()
      #expect(bye.method == "BYE" && bye.uri == "sip:caller@127.0.0.1:\(talk.phone.port)" && bye.tag == "from-one")
      #expect(bye["From"]?.hasSuffix("tag=\(talk.tag)") == true)
      try await talk.phone.send(bye.answer("200 OK"), to: rig)
      #expect(await talk.events.next() == .ended(by: .agent))
      #expect(await rig.mediaIsFree())
      talk.line.hangUp()
      try await talk.send("OPTIONS", 2)
      #expect(try await talk.phone.next().status == 481, "one BYE, and the dialog is gone")
    }
  }

  @Test func `before its ACK waits for the ACK`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let line = try await rig.arrival().line
      line.answer()
      line.hangUp()
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      #expect(answer.status == 200)
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"), to: rig)
      #expect(try await phone.next().method == "BYE")
    }
  }

  @Test func `reaches every caller although we stop at once`() async throws {
    try await withRig(calls: 3) { rig in
      let udp = [try await rig.connect("one"), try await rig.connect("two")]
      let phone = try await rig.stream()
      let dial = Dial(id: "three", transport: "TCP", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)))
      #expect(try await phone.next()?.status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.answer()
      let answer = try #require(try await phone.next())
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"))
      #expect(await events.next() == .connected)
      for line in udp.map(\.line) + [line] { line.hangUp() }
      await rig.endpoint.stop()
      for talk in udp {
        #expect(try await talk.phone.next().method == "BYE")
        #expect(await talk.events.next() == .ended(by: .agent))
      }
      #expect(try await phone.next()?.method == "BYE")
      #expect(try await phone.next() == nil, "then the connection is closed")
      #expect(await rig.mediaIsFree(6))
      #expect(await Rig.areFree(rig.address, rig.port..<rig.port + 1))
    }
  }

  @Test func `is told once more to a caller who does not answer, before we are gone`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      await rig.endpoint.stop()
      var goodbyes: [String] = []
      while goodbyes.count < 2 {
        let message = try await talk.phone.anything()
        if message.method == "BYE" { goodbyes.append(message.text) }
      }
      #expect(goodbyes[0] == goodbyes[1])
    }
  }

  @Test func `after a crash comes from the identity that was kept`() async throws {
    let phone = try await DatagramPeer.open()
    var identity = ""
    try await withRig { rig in
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let line = try await rig.arrival().line
      line.answer()
      identity = try #require(line.identity)
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"), to: rig)
    }
    try await withRig { rig in
      rig.endpoint.recover("no identity")
      rig.endpoint.recover(identity)
      // The first server was not killed: it said goodbye, perhaps twice.
      var bye = try await phone.next()
      while bye.number <= 1_000 { bye = try await phone.next() }
      #expect(bye.method == "BYE" && bye["Call-ID"] == "one@caller.invalid" && bye.tag == "from-one")
      #expect(bye.number > 1_000, "above whatever the lost process had used")
      #expect(bye["Via"]?.hasPrefix("SIP/2.0/UDP \(rig.name);") == true)
    }
    try await phone.channel.close()
  }

  static let transfers: [(String, String?, TransferOutcome)] = [
    ("202 Accepted", "SIP/2.0 200 OK", .accepted), ("202 Accepted", "SIP/2.0 486 Busy Here", .busy),
    ("202 Accepted", "SIP/2.0 603 Decline", .declined), ("603 Decline", nil, .declined),
    ("503 Service Unavailable", nil, .unreachable),
  ]

  @Test(arguments: transfers)
  func `may be a transfer`(_ answer: String, _ result: String?, _ outcome: TransferOutcome) async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      talk.line.transfer(to: "sip:person@example.org", ringTimeout: .seconds(30))
      let refer = try await talk.phone.next()
      #expect(refer.method == "REFER" && refer["Refer-To"] == "<sip:person@example.org>")
      try await talk.phone.send(refer.answer(answer), to: rig)
      if let result {
        for (number, line) in ["SIP/2.0 180 Ringing", result].enumerated() {
          let state = number == 0 ? "active;expires=60" : "terminated;reason=noresource"
          try await talk.send(
            "NOTIFY", 2 + number, ["Event: refer", "Subscription-State: \(state)"], type: "message/sipfrag", body: line)
          #expect(try await talk.phone.next().status == 200)
        }
      }
      if outcome != .accepted {
        let last = (result?.dropFirst(8)).map(String.init) ?? answer
        let status = NetworkStatus(Int(last.prefix(3)) ?? 0, String(last.dropFirst(4)))
        #expect(await talk.events.next() == .status(status))
      }
      #expect(await talk.events.next() == .transferFinished(outcome))
    }
  }

  @Test func `may be a transfer that nobody answers`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      talk.line.transfer(to: "sip:person@example.org", ringTimeout: .milliseconds(50))
      let refer = try await talk.phone.next()
      try await talk.phone.send(refer.answer("202 Accepted"), to: rig)
      #expect(await talk.events.next() == .transferFinished(.noAnswer))
    }
  }
}
