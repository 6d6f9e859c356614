internal import Calls
internal import ServiceLifecycle

/// Looks once a second whether another version was made current, and lets it take the next call. A look is a `stat`; reading and
/// training happen on no event loop, while the version before goes on answering.
struct PublicationWatch: Service, CustomStringConvertible {
  private static let pause = Duration.seconds(1)

  let configuration: ServerConfiguration
  let assistants: AssistantFloor
  let switchboard: Switchboard
  /// What logs call it.
  var description: String { "publications" }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await Task.sleep(for: Self.pause) } catch { return }
        await look()
      }
    }
  }

  /// One look.
  func look() async {
    if await assistants.refresh() { switchboard.reroute(assistants.routes(configuration)) }
  }
}
