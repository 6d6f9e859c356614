/// What the pool knows of time: the continuous clock, or a test's.
struct InferenceTime: Sendable {
  /// Now.
  let now: @Sendable () -> ContinuousClock.Instant
  /// Returns at an instant; throws when its task is cancelled.
  let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

  static let continuous = InferenceTime(
    now: { .now }, sleep: { try await Task.sleep(until: $0, tolerance: .milliseconds(1), clock: .continuous) })
}
