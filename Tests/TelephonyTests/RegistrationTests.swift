import Core
import NIOCore
import NIOPosix
import Signalling
import Telephony
import Testing

@Suite struct `A registration` {
  static func registration(_ port: Int, _ transport: String = "") throws -> Registration {
    Registration(
      id: "pbx", registrar: try #require(SIPURI("sip:127.0.0.1:\(port)\(transport)")),
      addressOfRecord: try #require(SIPURI("sip:agent@pbx.invalid")),
      credentials: DigestCredentials(user: "agent", password: "correct horse"))
  }

  static let challenge = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"f00d\", algorithm=MD5, qop=\"auth\""

  /// Whether the request proves the password (RFC 7616 section 3.4.1), computed here.
  static func proves(_ request: Message) -> Bool {
    func field(_ name: String) -> String { request.parameter(name, of: "Authorization") ?? "" }
    let (first, second) = (Who.md5("agent:pbx:correct horse"), Who.md5("REGISTER:\(field("uri"))"))
    let wanted = Who.md5("\(first):f00d:\(field("nc")):\(field("cnonce")):auth:\(second)")
    return field("response") == wanted && field("username") == "agent" && field("uri") == request.uri
  }
  private typealias Who = `Who may call`

  @Test func `is made at start, proves its password, and is taken back at the end`() async throws {
    let registrar = try await DatagramPeer.open()
    let wanted = try Self.registration(registrar.port)
    try await withRig({ $0.registrations = [wanted] }) { rig in
      let first = try await registrar.next()
      #expect(first.method == "REGISTER" && first.uri == "sip:127.0.0.1:\(registrar.port)")
      #expect(first["To"] == "<sip:agent@pbx.invalid>" && first["Expires"] == "300")
      #expect(first["Contact"] == "<sip:repartee@\(rig.name)>" && first["Authorization"] == nil)
      try await registrar.send(first.answer("401 Unauthorized", tag: "r", [Self.challenge]), to: rig)
      let second = try await registrar.next()
      #expect(Self.proves(second) && second.number == first.number + 1 && second["Call-ID"] == first["Call-ID"])
      try await registrar.send(second.answer("200 OK", tag: "r", ["Expires: 120"]), to: rig)
    }
    // Also when the end comes before the 200 was read.
    let last = try await registrar.next()
    #expect(last.method == "REGISTER" && last["Expires"] == "0" && Self.proves(last))
    try await registrar.channel.close()
  }

  @Test func `is taken back to the end, whatever the registrar asks for once more`() async throws {
    let registrar = try await DatagramPeer.open()
    let wanted = try Self.registration(registrar.port)
    try await withRig({ $0.registrations = [wanted] }) { rig in
      let first = try await registrar.next()
      try await registrar.send(first.answer("401 Unauthorized", tag: "r", [Self.challenge]), to: rig)
      let second = try await registrar.next()
      try await registrar.send(second.answer("200 OK", tag: "r", ["Expires: 120"]), to: rig)
      // Whether the 200 was read or not: it says nothing about the end.
      async let stopped: Void = rig.endpoint.stop()
      let third = try await registrar.next()
      #expect(third["Expires"] == "0" && Self.proves(third))
      try await registrar.send(
        third.answer("401 Unauthorized", tag: "r", [Self.challenge.replacing("f00d", with: "beef") + ", stale=true"]),
        to: rig)
      let last = try await registrar.next()
      #expect(last["Expires"] == "0" && last.parameter("nonce", of: "Authorization") == "beef")
      try await registrar.send(last.answer("200 OK", tag: "r"), to: rig)
      await stopped
    }
    try await registrar.channel.close()
  }

  @Test func `over TCP keeps to one connection, to its end`() async throws {
    let connections = Mailbox<StreamPeer>()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { connections.put(try StreamPeer(channel)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let wanted = try Self.registration(try #require(server.localAddress?.port), ";transport=tcp")
    try await withRig({ $0.registrations = [wanted] }) { rig in
      let registrar = try #require(await connections.next())
      let first = try #require(try await registrar.next())
      #expect(first["Contact"] == "<sip:repartee@\(rig.name);transport=tcp>")
      try await registrar.send(first.answer("401 Unauthorized", tag: "r", [Self.challenge]))
      let second = try #require(try await registrar.next())
      #expect(Self.proves(second))
      try await registrar.send(second.answer("200 OK", tag: "r", ["Expires: 120"]))
      async let stopped: Void = rig.endpoint.stop()
      let last = try #require(try await registrar.next())
      #expect(last["Expires"] == "0" && Self.proves(last))
      try await registrar.send(last.answer("200 OK", tag: "r"))
      await stopped
      #expect(try await registrar.next() == nil, "the connection is closed")
    }
    #expect(connections.waiting.isEmpty)
    try await server.close()
  }
}
