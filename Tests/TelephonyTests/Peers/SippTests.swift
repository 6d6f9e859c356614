import Core
import Foundation
import Signalling
import Telephony
import TestSupport
import Testing

extension Peers {
  /// Sipp's scenarios of `Tests/Interop/sipp/called`: sipp ends with 0 when every message came as the scenario says, and no other.
  @Suite struct `A call to sipp` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Interop/sipp/called").path

    /// Runs a scenario against what the body does, and asks sipp whether it went well.
    private func run(
      _ scenario: String, _ here: Testing.SourceLocation = #_sourceLocation,
      change: (inout TelephonyConfiguration) -> Void = { _ in }, _ body: (Rig) async throws -> Void
    ) async throws {
      let work = try TemporaryFolder()
      try work.write("say.ul", Data((0..<24_000).map { $0 % 8 < 4 ? 0x80 : 0x00 }))
      let ports = try await Rig.freePorts(8, "127.0.0.1")
      let port = Int(ports.lowerBound)
      let sipp = try Child(
        [
          "sipp", "-sf", "\(Self.folder)/\(scenario).xml", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", "\(port)",
          "-mp",
          "\(port + 2)", "-m", "1", "-nostdin", "-trace_err", "-error_file", "\(work.path)/errors", "-timeout", "60s",
          "-timeout_error",
        ], in: work.path)
      try await withRig {
        $0.trusted = []
        $0.places = ["support": Place(SIPURI(user: "alice", host: "127.0.0.1", port: UInt16(port)))]
        change(&$0)
      } _: { rig in
        try await body(rig)
        let status = await sipp.status()
        let errors = (try? String(contentsOfFile: work.path + "/errors", encoding: .utf8)) ?? ""
        #expect(status == 0, "sipp: \(errors)", sourceLocation: here)
      }
    }

    @Test func `rings, is answered, hears a key, and is ended by us`() async throws {
      try await run("answer") { rig in
        let call = try await rig.call()
        await call.tells(.ringing)
        await call.tells(.connected)
        await call.tells(.digit("5"))
        call.line.hangUp()
        await call.tells(.ended(by: .agent))
      }
    }

    @Test func `is ended by sipp`() async throws {
      try await run("bye") { rig in
        let call = try await rig.call()
        await call.tells(.connected)
        await call.tells(.ended(by: .person))
      }
    }

    @Test func `is put on hold and taken back`() async throws {
      try await run("hold") { rig in
        let call = try await rig.call()
        await call.tells(.connected)
        await call.tells(.held(true))
        await call.tells(.held(false))
        await call.tells(.ended(by: .person))
      }
    }

    @Test func `finds sipp busy`() async throws {
      try await run("busy") { rig in
        let call = try await rig.call()
        await call.tells(.status(NetworkStatus(486, "Busy Here")))
        await call.tells(.failed(.busy))
      }
    }

    @Test func `is cancelled while it rings`() async throws {
      try await run("ring") { rig in
        let call = try await rig.call()
        await call.tells(.ringing)
        call.line.hangUp()
        await call.tells(.failed(.cancelled))
      }
    }

    @Test func `is cancelled when it has rung long enough`() async throws {
      try await run("ring") { rig in
        let call = try await rig.call(ringTimeout: .seconds(2))
        await call.tells(.ringing)
        await call.tells(.failed(.noAnswer))
      }
    }

    @Test func `is answered although it was cancelled, and ended`() async throws {
      try await run("cross") { rig in
        let call = try await rig.call()
        await call.tells(.ringing)
        call.line.hangUp()
        await call.tells(.failed(.cancelled))
      }
    }

    @Test func `is heard before its answer`() async throws {
      try await run("early") { rig in
        let call = try await rig.call()
        #expect(try await Voice.converse(on: call.line, until: 25))
        call.line.hangUp()
        await call.tells(.failed(.cancelled))
      }
    }

    @Test func `answers a challenge with the trunk's password`() async throws {
      try await run(
        "challenge",
        change: {
          $0.trunks["carrier"] = $0.places["support"].map {
            Trunk(
              $0.uri,
              credentials: DialCredentials(realm: "carrier", DigestCredentials(user: "line", password: "secret")))
          }
          $0.places["support"]?.trunk = "carrier"
        }
      ) { rig in
        let call = try await rig.call()
        // The INVITE went out once more: what is kept for a crash is that one's.
        await call.tells(.moved)
        await call.tells(.connected)
        call.line.hangUp()
        await call.tells(.ended(by: .agent))
      }
    }

    @Test func `goes on by the route that was recorded`() async throws {
      try await run("routed") { rig in
        let call = try await rig.call()
        await call.tells(.connected)
        call.line.hangUp()
        await call.tells(.ended(by: .agent))
      }
    }
  }
}
