{{ stage('custom', 'shipments') }}
