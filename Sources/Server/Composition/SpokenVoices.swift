internal import Core
internal import Inference
internal import Speech
internal import Synchronization

/// The voices that assistants speak with: the server's own, and those of the pack that an assistant names.
final class SpokenVoices: Sendable {
  /// Who speaks for assistants that name no voice.
  let standard: any SpeechSynthesizer
  /// Who steps in when a voice fails.
  let fallback: any SpeechSynthesizer
  private let named: Mutex<[String: any SpeechSynthesizer]>
  private let available: [String]
  private let load: @Sendable (String) async throws -> any SpeechSynthesizer

  /// - Parameters:
  ///   - id: of the standard voice.
  ///   - available: ids of voices that can be loaded.
  init(
    standard: any SpeechSynthesizer, id: String, fallback: any SpeechSynthesizer, available: [String],
    load: @escaping @Sendable (String) async throws -> any SpeechSynthesizer
  ) {
    self.standard = standard
    self.fallback = fallback
    self.available = available
    self.load = load
    named = Mutex([id: standard])
  }

  /// The ids of voices that can be loaded from a pack.
  static func available(in pack: EnginePack) -> [String] {
    pack.installed.filter { (try? pack.engine($0))?.family == "piper" } + ["flite-kal"]
  }

  /// The voice that an assistant names; the standard one when it names none. Each is loaded once.
  func voice(of assistant: AssistantDefinition) async throws -> any SpeechSynthesizer {
    guard let id = assistant.persona.voice else { return standard }
    if let known = named.withLock({ $0[id] }) { return known }
    guard available.contains(id) else {
      throw ServerError(
        .assistant, "\(assistant.version.name): assistant.yml: persona.voice: there is no voice `\(id)` here",
        hint: "one of " + (available + named.withLock { Array($0.keys) }).sorted().joined(separator: ", ")
          + "; or leave it out for the server's own")
    }
    let voice = try await load(id)
    named.withLock { $0[id] = voice }
    return voice
  }
}
