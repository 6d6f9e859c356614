import Audio
import Core
import NIOCore
import Signalling
import Testing

@testable import Telephony

@Suite struct `A call` {
  @Test func `over UDP gets 100 at once, and 200 with a port for its audio when the line answers`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let trying = try await phone.next()
      #expect(trying.status == 100 && trying.tag == nil)
      #expect(trying["Via"]?.contains("branch=z9hG4bK-one-1") == true)
      #expect(trying["Via"]?.contains("received=127.0.0.1") == true)
      #expect(trying["Via"]?.contains("rport=\(phone.port)") == true)
      let call = try await rig.arrival()
      #expect(call.calledUser == "shop" && call.calledURI == "sip:shop@\(rig.name)")
      #expect(call.callerURI == "sip:caller@127.0.0.1" && call.callID == "one@caller.invalid")
      let events = Mailbox<LineEvent>()
      call.line.deliver { events.put($0) }
      call.line.answer()
      let answer = try await phone.next()
      #expect(answer.status == 200 && answer.tag?.isEmpty == false)
      #expect(answer["Contact"] == "<sip:repartee@\(rig.name)>")
      #expect(answer["Content-Type"] == "application/sdp" && answer["CSeq"] == "1 INVITE")
      #expect(answer.audioPort == rig.media)
      #expect(answer.body.contains("c=IN IP4 \(rig.address)\r\n"))
      #expect(answer.body.contains("m=audio \(rig.media) RTP/AVP 0 101\r\n"))
      #expect(answer.body.contains("a=rtpmap:101 telephone-event/8000\r\n"))
      #expect(events.waiting.isEmpty, "not connected before the ACK")
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"), to: rig)
      #expect(await events.next() == .connected)
    }
  }

  @Test func `over TCP is answered, and ended by us, on the caller's connection`() async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      let dial = Dial(id: "one", transport: "TCP", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)))
      #expect(try await phone.next()?.status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.answer()
      let answer = try #require(try await phone.next())
      #expect(answer.status == 200 && answer.audioPort == rig.media)
      #expect(answer["Contact"] == "<sip:repartee@\(rig.name);transport=tcp>")
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"))
      #expect(await events.next() == .connected)
      line.hangUp()
      let bye = try #require(try await phone.next())
      #expect(bye.method == "BYE" && bye.tag == "from-one" && bye["Call-ID"] == "one@caller.invalid")
      #expect(bye["Via"]?.hasPrefix("SIP/2.0/TCP \(rig.name);") == true)
      try await phone.send(bye.answer("200 OK"))
      #expect(await events.next() == .ended(by: .agent))
    }
  }

  @Test func `whose INVITE is repeated is one call with one answer`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      let invite = dial.request("INVITE", body: Dial.sdp(port: 9_000))
      for _ in 1...3 { try await phone.send(invite, to: rig) }
      for _ in 1...3 { #expect(try await phone.anything().status == 100) }
      let line = try await rig.arrival().line
      line.answer()
      let first = try await phone.anything()
      try await phone.send(invite, to: rig)
      // The 200 is repeated until its ACK, here after half a second.
      let second = try await phone.anything()
      #expect(first.status == 200 && second.text == first.text)
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      try await phone.send(dial.request("ACK", tag: first.tag, branch: "ack"), to: rig)
      #expect(await events.next() == .connected)
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }

  @Test func `that is cancelled before the answer gets 487, and its audio port is free again`() async throws {
    try await withRig(calls: 1) { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      #expect(try await phone.next().status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      try await phone.send(dial.request("CANCEL"), to: rig)
      let (done, refused) = (try await phone.next(), try await phone.next())
      #expect(done.status == 200 && done["CSeq"] == "1 CANCEL")
      #expect(refused.status == 487 && refused["CSeq"] == "1 INVITE" && refused.tag == done.tag)
      try await phone.send(dial.request("ACK", tag: refused.tag), to: rig)
      #expect(await events.next() == .ended(by: .caller))
      line.answer()
      #expect(await rig.mediaIsFree())
      try await phone.send(dial.request("OPTIONS", 2), to: rig)
      #expect(try await phone.next()["CSeq"] == "2 OPTIONS", "nothing came of the late answer")
    }
  }

  @Test func `that is cancelled while its audio port is bound asks nobody and keeps no port`() async throws {
    try await withRig(calls: 1) { rig in
      let phone = try await rig.stream()
      let dial = Dial(id: "one", transport: "TCP", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)) + dial.request("CANCEL"))
      var statuses: [Int] = []
      for _ in 1...3 { statuses.append(try #require(try await phone.next()).status) }
      #expect(statuses == [100, 200, 487])
      try await rig.settle()
      #expect(await rig.mediaIsFree())
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }

  @Test func `that the caller ends gives its audio port back`() async throws {
    try await withRig(calls: 1) { rig in
      let talk = try await rig.connect()
      #expect(await !Rig.areFree(rig.address, rig.media..<rig.media + 1), "taken during the call")
      try await talk.send("BYE", 2)
      #expect(try await talk.phone.next().status == 200)
      #expect(await talk.events.next() == .ended(by: .caller))
      #expect(await rig.mediaIsFree())
      try await talk.send("BYE", 3)
      #expect(try await talk.phone.next().status == 481)
      #expect(talk.events.waiting.isEmpty)
      // The one port serves the next caller.
      let next = try await rig.connect("two")
      #expect(next.media == rig.media)
    }
  }

  @Test func `without an offer gets ours, and the answer comes with the ACK`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let rtp = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE"), to: rig)
      #expect(try await phone.next().status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.answer()
      let answer = try await phone.next()
      #expect(answer.body.contains("m=audio \(rig.media) RTP/AVP 9 0 8 101\r\n"))
      let theirs = Dial.sdp(port: rtp.port, formats: "8 101")
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack", body: theirs), to: rig)
      #expect(await events.next() == .connected)
      try await line.loop.submit {
        let samples = [Int16](repeating: 0, count: 160)
        line.mediaPort.value.push(samples.span, at: .zero)
      }.get()
      #expect(try await rtp.packet().type == 8)
    }
  }

  @Test(arguments: ["0.1.2.3", "224.2.1.1", "255.255.255.255", "2001:db8::1"])
  func `whose audio would go to nobody or to many is refused with 488 before anybody is asked`(_ host: String)
    async throws
  {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(host: host, port: 9_000)), to: rig)
      #expect(try await phone.next().status == 100)
      #expect(try await phone.next().status == 488)
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }

  @Test func `from elsewhere has no audio sent to this machine itself`() throws {
    let local = LocalMedia(address: "198.51.100.1", port: 30_000, sessionID: 1)
    func media(_ host: String) throws -> NegotiatedMedia {
      try OfferAnswer.answer(SessionDescription(parsing: Array(Dial.sdp(host: host, port: 9_000).utf8)), with: local)
        .media
    }
    let six = IPAddress("2001:db8::5")
    for host in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
      #expect(try !media(host).leads(from: six, toward: IPAddress("192.0.2.7")), "\(host)")
      #expect(try media(host).leads(from: six, toward: IPAddress("127.0.0.1")), "\(host)")
      #expect(try media(host).leads(from: six, toward: nil), "\(host)")
    }
    let four = IPAddress("198.51.100.1")
    #expect(try media("192.0.2.9").leads(from: four, toward: IPAddress("192.0.2.7")))
    #expect(
      try !media("2001:db8::9").leads(from: four, toward: IPAddress("192.0.2.7")), "no socket of ours sends there")
    #expect(try media("0.0.0.0").leads(from: four, toward: four) && media("::").leads(from: four, toward: four), "hold")
  }

  @Test func `without a codec that we have is refused with 488 before anybody is asked`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      let offer = Dial.sdp(port: 9_000, formats: "18 101", ["a=rtpmap:18 G729/8000"])
      try await phone.send(dial.request("INVITE", body: offer), to: rig)
      #expect(try await phone.next().status == 100)
      #expect(try await phone.next().status == 488)
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }

  @Test(arguments: [(LineRejection.unknownNumber, 404), (.overloaded, 503), (.draining, 503)])
  func `that the reception refuses gets the reason as a status`(_ reason: LineRejection, _ status: Int) async throws {
    try await withRig(calls: 1) { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      #expect(try await phone.next().status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.reject(reason)
      let answer = try await phone.next()
      #expect(answer.status == status && (answer["Retry-After"] != nil) == (status == 503))
      #expect(await events.next() == .ended(by: .agent))
      #expect(await rig.mediaIsFree())
    }
  }

  @Test func `whose answers cannot leave ends, and the socket of all others lives`() async throws {
    try await withRig(calls: 1) { rig in
      let nowhere = try await rig.socket()
      // Without rport, answers go to the port that Via names: no system sends to port 0.
      let dial = Dial(id: "nowhere", port: 0, server: rig.name, rport: "")
      try await nowhere.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let phone = try await rig.socket()
      let other = Dial(id: "other", port: phone.port, server: rig.name)
      try await phone.send(other.request("OPTIONS"), to: rig)
      #expect(try await phone.next().status == 200)
      try await rig.settle()
      #expect(await rig.mediaIsFree())
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }
}
