internal import Assistant

extension AssistantShelf {
  /// Reads and checks what answers every number, and keeps nothing of it: whether a start will be refused for an author's or an
  /// operator's mistake is known before a data folder is made or a store opened.
  ///
  /// Throws `ServerError` as the start would.
  func check(_ configuration: ServerConfiguration, _ secrets: Secrets) throws {
    guard !configuration.numbers.isEmpty else {
      throw ServerError(
        .configuration, "no number has an assistant", hint: "write numbers: {\"*\": {assistant: Examples/shop}}")
    }
    let loaded = try Set(configuration.numbers.values).sorted(by: { "\($0)" < "\($1)" }).map { source in
      try check(source, configuration, secrets)
    }
    let stray = configuration.strayLabels(among: loaded)
    guard stray.isEmpty else {
      throw ServerError(.configuration, stray.map(\.description).joined(separator: "\n"))
    }
  }

  /// The same of what answers some numbers; gives what was read.
  @discardableResult
  func check(
    _ source: ServerConfiguration.AssistantSource, _ configuration: ServerConfiguration, _ secrets: Secrets
  ) throws -> LoadedAssistant {
    let loaded = try take(source).loaded
    let ungranted = configuration.ungranted(in: loaded, transfers: true) + configuration.missingVoice(of: loaded)
    guard ungranted.isEmpty else {
      throw ServerError(.assistant, ungranted.map(\.description).joined(separator: "\n"))
    }
    let stray = configuration.strayPlaces(of: loaded, secrets)
    guard stray.isEmpty else {
      throw ServerError(.configuration, stray.map(\.description).joined(separator: "\n"))
    }
    return loaded
  }
}
