import Core

/// What `assistant.yml`, or the configuration of an imported project, says.
struct AssistantSettings {
  var name: String
  var locale = LocaleTag.americanEnglish
  var profile = Profile.c13
  var persona: Persona
  var voice = VoiceDefaults()
  var destinations: [DestinationName: TransferDestination] = [:]
  var jobs: [String: JobDefinition] = [:]
  var identity = IdentityLadder()
  var consents: [ConsentName: ConsentDefinition] = [:]

  /// The voice that the server takes when an assistant names none.

  init(name: String) {
    self.name = name
    persona = Persona(name: name)
  }
}

/// A frozen set of built-in patterns.
enum Profile: String, CaseIterable {
  /// Announces that a flow goes on; one sentence after a journey.
  case c13
  /// Asks whether a flow shall go on; asks after a journey and says goodbye.
  case c16
}

/// Reads `assistant.yml`.
struct SettingsReader {
  let context: ReadingContext

  static let keys = [
    "name", "language", "profile", "persona", "voice", "destinations", "jobs", "description", "identity", "consent",
  ]

  func read(_ file: String, _ text: String, folder: String) -> AssistantSettings {
    var settings = AssistantSettings(name: folder)
    guard let root = context.root(of: file, text: text) else {
      if !context.log.hasErrors {
        context.log.error(
          .missingKey, at: SourceLocation(file: file, line: 1, column: 1), key: "name", "assistant.yml has no `name`",
          hint: "such as `name: shop`")
      }
      return settings
    }
    guard let map = root.map("assistant.yml", keys: Self.keys) else { return settings }
    if let name = map.required("name", hint: "such as `name: shop`")?.name("an assistant") {
      settings.name = name
      settings.persona = Persona(name: name)
    }
    settings.locale = map["language"].flatMap { $0.locale() } ?? settings.locale
    settings.profile = map["profile"]?.choice(Profile.self, "profile") ?? settings.profile
    if let persona = map["persona"]?.map("the persona", keys: ["name", "voice", "rate"]) {
      settings.persona = Persona(
        name: persona.text("name") ?? settings.persona.name, voice: persona.text("voice") ?? settings.persona.voice,
        ratePercent: persona["rate"].flatMap { rate($0) } ?? 100)
    }
    if let voice = map["voice"] { settings.voice = self.voice(voice) }
    let safeguards = SafeguardReader(context: context)
    if let identity = map["identity"] { settings.identity = safeguards.ladder(identity) }
    if let consent = map["consent"] { settings.consents = safeguards.purposes(consent) }
    for (key, reader) in map["destinations"]?.entries("the destinations as a map of names") ?? [] {
      let name = DestinationName(key.key)
      settings.destinations[name] = destination(name, reader)
    }
    for (key, reader) in map["jobs"]?.entries("the jobs as a map of names") ?? [] {
      settings.jobs[key.key] = job(key.key, reader, at: key.keyLocation)
    }
    return settings
  }

  /// `95` or `95%`.
  private func rate(_ reader: YAMLReader) -> Int? {
    if let text = reader.scalar?.text, text.hasSuffix("%"), let percent = Int(text.dropLast()),
      (50...200).contains(percent)
    {
      return percent
    }
    return reader.integer(in: 50...200)
  }

  private func voice(_ reader: YAMLReader) -> VoiceDefaults {
    var voice = VoiceDefaults()
    guard
      let map = reader.map(
        "the voice keys of an assistant",
        keys: [
          "end_of_turn", "longest_turn", "barge_in_after", "resume_after", "silence", "filler_after", "clarify_below",
          "longest_prompt_words", "longest_call",
        ])
    else { return voice }
    if let end = map["end_of_turn"]?.map("the end of a turn", keys: ["certain", "normal", "uncertain"]) {
      voice.endOfTurnCertain = end.span("certain", default: voice.endOfTurnCertain)
      voice.endOfTurnNormal = end.span("normal", default: voice.endOfTurnNormal)
      voice.endOfTurnUncertain = end.span("uncertain", default: voice.endOfTurnUncertain)
      if !(voice.endOfTurnCertain <= voice.endOfTurnNormal && voice.endOfTurnNormal <= voice.endOfTurnUncertain) {
        end.reader.error(
          .wrongValue, "the silences are out of order", hint: "`certain` is the shortest, `uncertain` the longest")
      }
    }
    if let silence = map["silence"]?.map("the silences", keys: ["first", "next"]) {
      voice.firstSilence = silence.span("first", default: voice.firstSilence)
      voice.nextSilence = silence.span("next", default: voice.nextSilence)
    }
    voice.longestTurn = map.span("longest_turn", default: voice.longestTurn)
    voice.bargeInAfter = map.span("barge_in_after", default: voice.bargeInAfter)
    voice.resumeAfter = map.span("resume_after", default: voice.resumeAfter)
    voice.fillerAfter = map.span("filler_after", default: voice.fillerAfter)
    voice.clarifyBelow = map["clarify_below"]?.confidence() ?? voice.clarifyBelow
    voice.longestPromptWords = map.integer("longest_prompt_words", in: 5...200, default: voice.longestPromptWords)
    voice.longestCall = map.span("longest_call", default: voice.longestCall)
    return voice
  }

  /// `sip:...` or a map with `uri` and `ring`.
  private func destination(_ name: DestinationName, _ reader: YAMLReader) -> TransferDestination? {
    var ring = CallSpan.seconds(20)
    var address: YAMLReader? = reader
    if reader.isMapping {
      guard let map = reader.map("a destination", keys: ["uri", "ring"]) else { return nil }
      address = map.required("uri", hint: "such as `sip:support@example.com` or `${SUPPORT_URI}`")
      ring = map.span("ring", default: ring)
    }
    guard let address, let uri = address.text("an address") else { return nil }
    if !["sip:", "sips:", "tel:", "${"].contains(where: uri.hasPrefix) {
      address.error(
        .wrongValue, "`\(uri.prefix { $0 != ":" && $0 != "@" })` is no address to transfer to",
        hint: "it begins with `sip:`, `sips:`, `tel:` or `${NAME}`")
    }
    SecretGuard(log: context.log).url(uri, address)
    address.checkReferences(uri)
    context.references.add(uri, as: .destination, address)
    return TransferDestination(name: name, uri: uri, ringTimeout: ring)
  }

  private func job(_ name: String, _ reader: YAMLReader, at source: SourceLocation) -> JobDefinition? {
    guard let map = reader.map("a job", keys: ["description", "success"]) else { return nil }
    return JobDefinition(
      name: name, summary: map.required("description")?.text() ?? "",
      success: map.required(
        "success", hint: "what holds when the job is done, such as `slots.order_status is not null`")?
        .predicate(context),
      source: source)
  }
}
