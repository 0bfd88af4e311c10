use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use tokio::runtime::Builder;

use super::super::stores::Place;
use super::*;

/// A runtime that goes on by itself, as the program's does.
fn runtime() -> Handle {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
}

/// Waits for something asynchronous.
fn wait<T: Send + 'static>(
    runtime: &Handle,
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    runtime.spawn(async move { sender.send(future.await).unwrap() });
    receiver.recv().unwrap()
}

/// A file in which every byte says where it is.
fn object(runtime: &Handle, bytes: usize) -> (Arc<InMemory>, Arc<Object>) {
    let store = Arc::new(InMemory::new());
    let contents: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8).collect();
    let put = Arc::clone(&store);
    let place = Place {
        store: Arc::clone(&store) as _,
        path: Path::from("file"),
        secret: None,
        has_heads: true,
    };
    let found = wait(runtime, async move {
        let payload = PutPayload::from(contents);
        put.put(&Path::from("file"), payload).await.unwrap();
        Object::find("s3://bucket/file".to_owned(), place, 0).await
    });
    (store, Arc::new(found.unwrap()))
}

#[test]
fn readers_side_by_side_get_their_bytes_and_keep_the_bound() {
    let runtime = runtime();
    let length = 45 * BLOCK_BYTES as usize + 12_345;
    let (_, object) = object(&runtime, length);
    let blocks = Arc::new(Blocks::new(runtime));
    let last = object.bytes.div_ceil(BLOCK_BYTES);
    assert_eq!(last, 46);
    std::thread::scope(|threads| {
        for reader in 0..3 {
            let (blocks, object) = (&blocks, &object);
            threads.spawn(move || {
                for block in 0..last {
                    // One goes forward, one backward, one over the places of both.
                    let block = match reader {
                        0 => block,
                        1 => last - 1 - block,
                        _ => block * 7 % last,
                    };
                    let bytes = blocks.get(object, block, reader == 0).unwrap();
                    let start = block as usize * BLOCK_BYTES as usize;
                    assert_eq!(
                        bytes.len(),
                        BLOCK_BYTES.min((length - start) as u64) as usize
                    );
                    assert_eq!(usize::from(bytes[77]), (start + 77) % 251);
                    // A block more for each of those that wait.
                    assert!(blocks.lock().slots.len() <= KEPT + 3);
                }
            });
        }
    });
}

#[test]
fn another_version_is_a_failure_of_its_block_and_no_bytes() {
    let runtime = runtime();
    let (store, object) = object(&runtime, 2 * BLOCK_BYTES as usize);
    let blocks = Arc::new(Blocks::new(runtime.clone()));
    assert!(blocks.get(&object, 0, false).is_ok());
    wait(&runtime, async move {
        let other = PutPayload::from(vec![1u8; 2 * BLOCK_BYTES as usize]);
        store.put(&Path::from("file"), other).await.unwrap();
    });
    for _ in 0..2 {
        let failure = blocks.get(&object, 1, false).unwrap_err();
        let changed = matches!(&failure, Failure::Other(words) if words.contains("was changed"));
        assert!(changed, "{failure:?}");
    }
    // What was there is still what was planned.
    assert_eq!(blocks.get(&object, 0, false).unwrap()[5], 5);
}
