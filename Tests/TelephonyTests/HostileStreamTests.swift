import Core
import NIOCore
import NIOPosix
import Signalling
import Testing

@testable import Telephony

@Suite struct `Hostile streams` {
  private static func dial(_ id: String, _ phone: StreamPeer, _ rig: Rig) -> Dial {
    Dial(id: id, transport: "TCP", port: phone.port, server: rig.name)
  }

  /// Octets up to the end of the stream.
  private static func rest(of peer: StreamPeer) async throws -> Int {
    var count = 0
    while case let chunk = try await peer.chunk(), !chunk.isEmpty { count += chunk.count }
    return count
  }

  @Test func `of strangers take no place of those who are known`() async throws {
    try await withRig({ configuration in
      configuration.streams.accepted = 4
      configuration.streams.strangers = 2
      configuration.streams.ofStranger = 1
    }) { rig in
      let held = [try await rig.stream(from: "127.0.0.2"), try await rig.stream(from: "127.0.0.3")]
      for host in ["127.0.0.2", "127.0.0.4"] {
        #expect(try await rig.stream(from: host).chunk() == [], "one more of \(host)")
      }
      let phone = try await rig.stream()
      try await phone.send(Self.dial("known", phone, rig).request("OPTIONS"))
      #expect(try await phone.next()?.status == 200)
      // A place that is given back can be taken again.
      try await held[0].channel.close(mode: .output)
      try await held[0].channel.closeFuture.get()
      try await rig.settle()
      let again = try await rig.stream(from: "127.0.0.5")
      try await again.send("\r\n\r\n")
      #expect(try await again.chunk() == [13, 10])
    }
  }

  @Test func `of one source that is known are bounded too`() async throws {
    try await withRig({ $0.streams.ofKnown = 2 }) { rig in
      let held = [try await rig.stream(), try await rig.stream()]
      #expect(try await rig.stream().chunk() == [])
      try await held[1].send("\r\n\r\n")
      #expect(try await held[1].chunk() == [13, 10])
    }
  }

  @Test func `that others opened leave room for our own`() async throws {
    let connections = Mailbox<StreamPeer>()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { connections.put(try StreamPeer(channel)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let wanted = try `A registration`.registration(try #require(server.localAddress?.port), ";transport=tcp")
    try await withRig({ configuration in
      configuration.streams.accepted = 0
      configuration.registrations = [wanted]
    }) { rig in
      let registrar = try #require(await connections.next())
      #expect(try await registrar.next()?.method == "REGISTER")
      #expect(try await rig.stream().chunk() == [])
    }
    try await server.close()
  }

  @Test func `that others hold open are not counted among our own`() async throws {
    let (listener, connections) = try await StreamPeer.listen()
    let uri = try #require(SIPURI("sip:alice@127.0.0.1:\(listener.localAddress?.port ?? 0);transport=tcp"))
    try await withRig({ configuration in
      configuration.streams.opened = 1
      configuration.places = ["support": Place(uri)]
    }) { rig in
      let held = [try await rig.stream(), try await rig.stream()]
      for peer in held {
        try await peer.send("\r\n\r\n")
        #expect(try await peer.chunk() == [13, 10])
      }
      let events = Mailbox<LineEvent>()
      _ = try await rig.endpoint.dial(
        DialRequest(to: "support", ringTimeout: .seconds(60)), on: Rig.loops.media.next(), deliver: { events.put($0) })
      let phone = try #require(await connections.next())
      #expect(try await phone.next()?.method == "INVITE" && events.waiting.isEmpty)
    }
    try await listener.close()
  }

  @Test func `of keep-alives get no more answers than their source's rate`() async throws {
    try await withRig({ configuration in
      configuration.gate.known = RequestRate(perSecond: 1, burst: 10)
    }) { rig in
      let flood = try await rig.stream()
      try await flood.send(String(repeating: "\r\n\r\n", count: 50_000) + "no message\r\n\r\n")
      let answered = try await Self.rest(of: flood) / 2
      #expect(answered >= 10 && answered < 1_000)
      #expect(try await rig.endpoint.refusals()["rate"] ?? 0 > 49_000)
    }
  }

  @Test func `beyond their source's octets are closed`() async throws {
    try await withRig({ configuration in
      configuration.gate.strangerOctets = RequestRate(perSecond: 1, burst: 2_000)
      configuration.users = `Who may call`.users
    }) { rig in
      let stranger = try await rig.stream(from: "127.0.0.2")
      let dial = Self.dial("s", stranger, rig)
      stranger.channel.writeAndFlush(
        ByteBuffer(string: (1...20).map { dial.request("OPTIONS", $0) }.joined()), promise: nil)
      #expect(try await Self.rest(of: stranger) < 20 * 200)
    }
  }

  @Test(arguments: ["", "\r\n\r\n", "OPTIONS sip:a SIP/2.0\r\nVia: "])
  func `of strangers end soon, whatever they say`(_ text: String) async throws {
    try await withRig({ configuration in
      configuration.streams.check = .milliseconds(20)
      configuration.streams.strangerLife = .milliseconds(200)
    }) { rig in
      let stranger = try await rig.stream(from: "127.0.0.2")
      let known = try await rig.stream()
      // On a busy machine its time may be over before it has said anything.
      try? await stranger.send(text)
      _ = try await Self.rest(of: stranger)
      try await known.send(Self.dial("known", known, rig).request("OPTIONS"))
      #expect(try await known.next()?.status == 200)
    }
  }

  @Test(arguments: [("", true), ("OPTIONS sip:a SIP/2.0\r\nVia: ", true), ("OPTIONS sip:a SIP/2.0\r\nVia: ", false)])
  func `that are silent, or whose message does not end, are closed`(_ text: String, _ isIdle: Bool) async throws {
    try await withRig({ configuration in
      configuration.streams.check = .milliseconds(20)
      if isIdle {
        configuration.streams.idle = .milliseconds(200)
        configuration.streams.message = .milliseconds(200)
      } else {
        configuration.streams.message = .milliseconds(200)
      }
    }) { rig in
      let known = try await rig.stream()
      try? await known.send(text)
      #expect(try await Self.rest(of: known) == 0)
    }
  }

  @Test func `of strangers are not kept open by their keep-alives`() async throws {
    try await withRig({ configuration in
      configuration.streams.check = .milliseconds(20)
      configuration.streams.strangerLife = .milliseconds(500)
    }) { rig in
      let stranger = try await rig.stream(from: "127.0.0.2")
      let end = NIODeadline.now() + .seconds(5)
      var sent = 0
      while stranger.channel.isActive, sent < 10_000 || NIODeadline.now() < end {
        try? await stranger.send("\r\n\r\n")
        // The other side has its turn.
        try await Rig.signalling.next().submit {}.get()
        sent += 1
      }
      #expect(!stranger.channel.isActive)
    }
  }

  @Test func `of who is known are not kept open by a message that comes octet by octet and never ends`() async throws {
    try await withRig({ configuration in
      configuration.streams.check = .milliseconds(20)
      configuration.streams.message = .milliseconds(300)
    }) { rig in
      let known = try await rig.stream()
      var sent = 0
      // More octets than these end a message by their number.
      while known.channel.isActive, sent < 60_000 {
        try? await known.send("x")
        try await Rig.signalling.next().submit {}.get()
        sent += 1
      }
      #expect(!known.channel.isActive)
    }
  }

  @Test func `of strangers count for no stranger's any more once we have called them`() async throws {
    let phone = try await DatagramPeer.open("127.0.0.2")
    try await withRig({ configuration in
      configuration.streams.check = .milliseconds(20)
      configuration.streams.strangers = 1
      configuration.places = ["support": Place(SIPURI(host: "127.0.0.2", port: UInt16(phone.port)))]
    }) { rig in
      let held = try await rig.stream(from: "127.0.0.2")
      #expect(try await rig.stream(from: "127.0.0.3").chunk() == [])
      _ = try await rig.place(phone)
      #expect(try await rig.streamWithRoom(from: "127.0.0.3") != nil && held.channel.isActive)
    }
    try await phone.channel.close()
  }

  @Test func `whose message is too long are told so, once, before they end`() async throws {
    try await withRig { rig in
      let phone = try await rig.stream()
      let dial = Self.dial("long", phone, rig)
      let long = dial.request("INVITE", body: String(repeating: "a=x\r\n", count: 20_000))
      phone.channel.writeAndFlush(ByteBuffer(string: long), promise: nil)
      #expect(try await phone.next()?.status == 513)
      #expect(try await phone.next() == nil)
      let many = try await rig.stream()
      many.channel.writeAndFlush(
        ByteBuffer(string: Self.dial("many", many, rig).request("INVITE", 1, (1...200).map { "X-\($0): 1" })),
        promise: nil)
      #expect(try await many.next()?.status == 513)
      #expect(try await many.next() == nil)
    }
  }

  @Test func `that are never read from do not pile up what we answer`() async throws {
    try await withRig { rig in
      let deaf = try await rig.stream()
      try await deaf.channel.setOption(.autoRead, value: false).get()
      try await deaf.channel.setOption(.socketOption(.so_rcvbuf), value: 4_096).get()
      let dial = Self.dial("deaf", deaf, rig)
      for round in 0..<40 {
        let text = (1...100).map {
          dial.request("OPTIONS", 100 * round + $0, ["X: " + String(repeating: "x", count: 2_000)])
        }
        deaf.channel.writeAndFlush(ByteBuffer(string: text.joined()), promise: nil)
      }
      let phone = try await rig.stream()
      try await phone.send(Self.dial("known", phone, rig).request("OPTIONS"))
      #expect(try await phone.next()?.status == 200)
    }
  }
}
