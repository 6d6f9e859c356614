import Core
import NIOCore
import NIOPosix
import Signalling
import Testing

@testable import Telephony

@Suite struct `Odd peers` {
  @Test func `whose connection is gone get our BYE at their Contact`() async throws {
    let connections = Mailbox<StreamPeer>()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { connections.put(try StreamPeer(channel)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let contact = try #require(server.localAddress?.port)
    try await withRig({ $0.streams.ofKnown = 1 }) { rig in
      let phone = try await rig.stream()
      let dial = Dial(
        id: "one", transport: "TCP", port: phone.port, server: rig.name,
        contact: "sip:tester@127.0.0.1:\(contact);transport=tcp")
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)))
      #expect(try await phone.next()?.status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.answer()
      let answer = try #require(try await phone.next())
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"))
      #expect(await events.next() == .connected)
      // Closed on our side alone: that the connection ends is the server's doing, which knows of it then.
      try await phone.channel.close(mode: .output)
      try await phone.channel.closeFuture.get()
      try await rig.settle()
      line.hangUp()
      let peer = try #require(await connections.next())
      let bye = try #require(try await peer.next())
      #expect(bye.method == "BYE" && bye.uri == "sip:tester@127.0.0.1:\(contact);transport=tcp")
      try await peer.send(bye.answer("200 OK"))
      #expect(await events.next() == .ended(by: .agent))
    }
    try await server.close()
  }

  @Test func `that give a host name for their audio are looked up`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect(offer: { rtp, rtcp in
        Dial.sdp(port: rtp, control: rtcp).replacing("c=IN IP4 127.0.0.1", with: "c=IN IP4 localhost")
      })
      try await talk.pull(from: 0)
      try await talk.push(3)
      #expect(try await talk.rtp.packet().payload.count == 160)
    }
  }

  @Test(arguments: ["no-such-host.invalid", "0177.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost.0x7f"])
  func `whose host name nobody knows are refused with the reason, not met by silence`(_ name: String) async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      let offer = Dial.sdp(port: 9_000).replacing("c=IN IP4 127.0.0.1", with: "c=IN IP4 \(name)")
      try await phone.send(dial.request("INVITE", body: offer), to: rig)
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      #expect(answer.status == 488 && answer["Warning"]?.hasPrefix("301 ") == true)
      #expect(rig.arrivals.waiting.isEmpty)
    }
  }

  @Test func `who answer our offer with a name that nobody knows are let go`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE"), to: rig)
      let line = try await rig.arrival().line
      line.answer()
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      let sdp = Dial.sdp(port: 9_000).replacing("c=IN IP4 127.0.0.1", with: "c=IN IP4 no-such-host.invalid")
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack", body: sdp), to: rig)
      #expect(try await phone.next().method == "BYE")
    }
  }

  @Test(arguments: ["tel:+15550199;phone-context=ims.example.com", "sip:+1-555-0199@127.0.0.1;user=phone"])
  func `who call a telephone number reach it`(_ uri: String) async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      let invite = dial.request("INVITE", body: Dial.sdp(port: 9_000))
      try await phone.send(invite.replacing("INVITE sip:shop@\(rig.name)", with: "INVITE \(uri)"), to: rig)
      #expect(try await rig.arrival().calledUser == "+15550199")
    }
  }

  @Test func `with a letter of Latin-1 in their name are answered, and get it back`() async throws {
    try await withRig { rig in
      let phone = try await rig.socket()
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      let text = Array(dial.request("INVITE", body: Dial.sdp(port: 9_000)).replacing("A. Caller", with: "M~ller").utf8)
      try await phone.send(text.map { $0 == UInt8(ascii: "~") ? 0xFC : $0 }, to: rig.address, rig.port)
      _ = try await rig.arrival()
      let trying = try #require(await phone.arrivals.next()).bytes
      let name = Array("\"M".utf8) + [0xFC] + Array("ller\"".utf8)
      #expect(trying.indices.contains { trying[$0...].starts(with: name) })
    }
  }

  @Test func `that move are followed, and what is kept for a crash moves too`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      let moved = try await rig.socket()
      var dial = talk.dial
      dial.port = moved.port
      let lines = ["Contact: <sip:caller@127.0.0.1:\(moved.port)>"]
      try await moved.send(dial.request("UPDATE", 2, tag: talk.tag, lines), to: rig)
      #expect(try await moved.next().status == 200)
      #expect(await talk.events.next() == .moved)
      let identity = try #require(talk.line.identity)
      #expect(identity.contains("\(moved.port)"))
      talk.line.hangUp()
      #expect(try await moved.next().method == "BYE")
    }
  }

  @Test func `behind a translator see the address that was advertised`() async throws {
    try await withRig({ $0.advertised = "203.0.113.5" }) { rig in
      let talk = try await rig.connect()
      #expect(talk.answer["Contact"] == "<sip:repartee@203.0.113.5:\(rig.port)>")
      #expect(talk.answer.body.contains("c=IN IP4 203.0.113.5\r\n"))
      talk.line.hangUp()
      #expect(try await talk.phone.next()["Via"]?.contains(" 203.0.113.5:\(rig.port);") == true)
    }
  }

  @Test func `are told where we are although all addresses are bound`() throws {
    var configuration = TelephonyConfiguration(address: "0.0.0.0", port: 0, mediaPorts: 40_000...40_001)
    configuration.trusted = [AddressRange("127.0.0.0/8")].compactMap { $0 }
    #expect(try AdvertisedAddress.choose(configuration) == "127.0.0.1")
    configuration.trusted = []
    let error = #expect(throws: TelephonyError.self) { try AdvertisedAddress.choose(configuration) }
    #expect(error?.kind == .badAddress && error?.hint?.contains("sip.advertised") == true)
    for address in ["0.0.0.0", "::", "somewhere"] {
      configuration.advertised = address
      #expect(throws: TelephonyError.self) { try AdvertisedAddress.choose(configuration) }
    }
    configuration.advertised = "203.0.113.5"
    #expect(try AdvertisedAddress.choose(configuration) == "203.0.113.5")
  }

  @Test func `are told goodbye when we stop`() async throws {
    try await withRig(calls: 2) { rig in
      let talk = try await rig.connect()
      let phone = try await rig.socket()
      let dial = Dial(id: "two", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      _ = try await rig.arrival()
      #expect(try await phone.next().status == 100)
      await rig.endpoint.stop()
      #expect(try await talk.phone.next().method == "BYE")
      #expect(await talk.events.next() == .ended(by: .agent))
      #expect(try await phone.next().status == 503)
    }
  }
}
