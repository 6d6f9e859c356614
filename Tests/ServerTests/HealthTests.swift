import Calls
import Dispatch
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Server

@Suite struct `Health` {
  private func service(isStorageWell: Bool, _ pulse: LoopPulse, _ switchboard: Switchboard) -> HealthService {
    HealthService(
      listener: ServerConfiguration().http, switchboard: switchboard, isStorageWell: { isStorageWell }, pulse: pulse,
      lateness: TickLateness(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, listening: {})
  }

  @Test func `of a server whose disk fails: it lives, and takes no calls`() async throws {
    let switchboard = Switchboard(routes: [:], capacity: 1)
    let pulse = LoopPulse(groups: [MultiThreadedEventLoopGroup.singleton], patience: .seconds(60))
    let (well, ill) = (
      service(isStorageWell: true, pulse, switchboard), service(isStorageWell: false, pulse, switchboard)
    )
    #expect(await well.isAlive() && well.isReady)
    #expect(await ill.isAlive() && !ill.isReady)
    switchboard.drain()
    #expect(await well.isAlive() && !well.isReady, "one that is about to stop lives as well")
  }

  @Test func `of a server one of whose loops is stuck: it does not live`() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let (stuck, entered) = (DispatchSemaphore(value: 0), AsyncStream.makeStream(of: Void.self))
    group.any().execute {
      entered.continuation.finish()
      stuck.wait()
    }
    for await _ in entered.stream {}
    #expect(await !LoopPulse(groups: [group], patience: .milliseconds(20)).isBeating())
    stuck.signal()
    #expect(await LoopPulse(groups: [group], patience: .seconds(60)).isBeating())
    try await group.shutdownGracefully()
  }
}
