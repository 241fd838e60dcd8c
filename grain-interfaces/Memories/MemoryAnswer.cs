using System.Collections.Immutable;
using Informer.Ai.Chats;

namespace Informer.Ai.Memories;

/// <summary>How a request about memories was answered.</summary>
[GenerateSerializer, Immutable, Alias("memory-answer")]
public abstract record MemoryAnswer;

/// <summary>The memory as it is now.</summary>
[GenerateSerializer, Immutable, Alias("memory-kept")]
public sealed record MemoryKept([property: Id(0)] Memory Memory) : MemoryAnswer;

/// <summary>The memories that were found, best first.</summary>
[GenerateSerializer, Immutable, Alias("memory-found")]
public sealed record MemoriesFound([property: Id(0)] ImmutableArray<MemoryHit> Hits) : MemoryAnswer;

/// <summary>There is no such chat, message or memory for this caller.</summary>
[GenerateSerializer, Immutable, Alias("memory-not-found")]
public sealed record MemoryNotFound : MemoryAnswer;

/// <summary>A model was not called, for this reason.</summary>
[GenerateSerializer, Immutable, Alias("memory-denied")]
public sealed record MemoryDenied([property: Id(0)] RunAnswer Why) : MemoryAnswer;

/// <summary>The provider failed. The message is safe to show.</summary>
[GenerateSerializer, Immutable, Alias("memory-provider-failed")]
public sealed record MemoryProviderFailed([property: Id(0)] string Code, [property: Id(1)] string Message) : MemoryAnswer;

/// <summary>The index of memories cannot be reached.</summary>
[GenerateSerializer, Immutable, Alias("memory-index-failed")]
public sealed record MemoryIndexFailed : MemoryAnswer;
