import Audio
import Conversation
import Core

extension Suite {
  /// One call's 20 ms, over the codec that no telephone call can do without.
  static func tick(assistant: PreparedAssistant) async throws -> Suite {
    let audio = CallerAudio()
    let codec = BareCodec(audio)
    let path = FramePath(audio)
    path.pass()
    guard path.events >= 8, path.report.framesReceived > CallerAudio.frames - 20 else {
      throw BenchmarkError("the frame path heard \(path.events) beginnings and endings of voice: \(path.report)")
    }
    let calls = RunningCalls(audio, assistant: assistant)
    let ticks = 600
    try await calls.begin()
    let (lines, sounding) = (calls.lines, calls.soundingFrames)
    await calls.advance(ticks: ticks)
    let share = Double(calls.soundingFrames - sounding) / Double(ticks * RunningCalls.calls)
    let written = Double(calls.lines - lines) / Double(RunningCalls.calls)
    guard share > 0.9, written > 10 else {
      throw BenchmarkError("the running calls are heard in \(share) of their frames and write \(written) lines each")
    }
    return Suite(
      name: "tick",
      input: "20 ms of one call, both directions; caller and agent speak, the caller with pauses",
      workloads: [
        Workload("G.711 decode and encode alone", unit: "call-tick", operations: CallerAudio.frames) { codec.pass() },
        Workload("frame path of the rooms", unit: "call-tick", operations: CallerAudio.frames) { path.pass() },
        Workload(
          "\(RunningCalls.calls) running calls on one loop", unit: "call-tick",
          operations: RunningCalls.calls * ticks, prepare: { try await calls.begin() },
          elsewhere: { await calls.advance(ticks: ticks) }),
      ],
      derived: { figures in
        figures.dropFirst().map {
          Derived(name: $0.name, value: 20_000_000 / $0.nanoseconds, unit: "calls a core could carry by this alone")
        }
      })
  }
}
